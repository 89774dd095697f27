package gateway

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
)

// filterNames are the filters of `steer`.
var filterNames = []string{"healthy", "subnet", "geo", "first", "weighted"}

// setSteer reads the filters. One that ends in "!" may keep nothing (T1).
func (s *stanza) setSteer(args []string) error {
	for i, arg := range args {
		name := filterName(arg)
		if !slices.Contains(filterNames, name) {
			return errors.New(wording.Unknown("filter", name, filterNames, "some of"))
		}
		if slices.ContainsFunc(args[:i], func(other string) bool { return filterName(other) == name }) {
			return fmt.Errorf("%q stands more than once", name)
		}
	}
	s.steer = args
	return nil
}

func filterName(arg string) string { return strings.TrimSuffix(arg, "!") }

// steersBy reports whether a filter is one of those of the stanza.
func (s *stanza) steersBy(name string) bool {
	return slices.ContainsFunc(s.steer, func(arg string) bool { return filterName(arg) == name })
}
