package gateway

import (
	"context"
	"time"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// notifyDelay is how long changes are gathered before the secondaries hear of them. The serial moves at
// most once a second.
const notifyDelay = time.Second

// notify sends a NOTIFY (RFC 1996) for every zone whose serial moved, until the context ends. The zones
// are announced once to begin with: a secondary may have missed what came before.
func (g *Gateway) notify(ctx context.Context, send func(origin string) error) {
	told := map[*zone.Zone]uint32{}
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(notifyDelay):
		}
		for _, z := range g.Zones.All {
			serial := z.Serial.At(time.Now())
			if known, ok := told[z]; ok && known == serial || !g.allKnown() {
				continue
			}
			told[z] = serial
			go func() { // not waited for: it tries for seconds to get an answer, and ends by itself
				if err := send(z.FQDN); err != nil {
					log.Warningf("notify %s: %v", z.FQDN, err)
				}
			}()
		}
		if !g.allKnown() {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-g.Zones.SerialMoved:
		}
	}
}
