package gateway

import (
	"fmt"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// listen serves the status pages that stanzas ask for. Those that name the same address share one.
func (i *instance) listen() error {
	pages := map[string]statuspage.Sources{}
	var addresses []string
	for _, g := range i.gateways() {
		if g.status == "" {
			continue
		}
		if pages[g.status] == nil {
			addresses = append(addresses, g.status)
		}
		pages[g.status] = append(pages[g.status], overview{g})
	}
	for _, address := range addresses {
		if i.ctx.Err() != nil {
			return nil
		}
		page := statuspage.New(pages[address], log.Errorf)
		if err := page.Listen(address); err != nil {
			return fmt.Errorf("%s: property status: %w", pluginName, err)
		}
		i.pages = append(i.pages, page)
		log.Infof("status page at http://%s/", page.Addr())
	}
	return nil
}
