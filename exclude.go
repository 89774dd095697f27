package gateway

import (
	"fmt"
	"slices"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
)

func (s *stanza) setExclude(args []string) error {
	for _, arg := range args {
		name, err := dnsname.Owner(arg)
		if err != nil {
			return fmt.Errorf("%q %w: want names in the zones of the stanza, such as www.example.com or *.example.com", arg, err)
		}
		if slices.Contains(s.exclude, name) {
			return fmt.Errorf("%q stands more than once", arg)
		}
		s.exclude = append(s.exclude, name)
	}
	return nil
}

// checkExclude reports an excluded name that lies in no zone of the stanza.
func (s *stanza) checkExclude(zones []string) error {
	for _, name := range s.exclude {
		in := strings.TrimPrefix(name, "*.")
		if !slices.ContainsFunc(zones, func(zone string) bool { return dnsname.Within(in, zone) }) {
			return fmt.Errorf("property exclude: %q lies in no zone of the stanza (%s): write whole names in these, such as %s", name, shown(zones...), dnsname.Join("www", zones[0]))
		}
	}
	return nil
}
