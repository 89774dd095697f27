// Package browser looks at the status page with Chromium, as a person does. It is a module of its own so
// that what drives Chromium is none of the plugin's dependencies, and its tests have the build tag browser.
package browser
