// Package health knows which Services have a ready endpoint (T2). For each cluster it joins Services with their EndpointSlices, and
// owns the record.Readiness of every Service that exists or that a record refers to. It knows informers, and nothing of zones,
// routes or questions: internal/source and internal/gatewayapi ask it for the readiness of an object's backends.
package health
