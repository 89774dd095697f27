package play

import (
	"log"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/fixture"
)

// logged is what CoreDNS has logged since the scenario began.
var logged fixture.Log

func init() { log.SetOutput(&logged) }
