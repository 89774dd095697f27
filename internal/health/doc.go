// Package health decides which Services have a ready endpoint (T2). For each cluster it joins Services with their EndpointSlices, and
// owns the record.Readiness of every Service that exists or that a record refers to. internal/source and internal/gatewayapi take the
// readiness of an object's backends from it. It knows informers, and nothing of zones, routes or questions.
package health
