package gateway

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/telemetry"
)

const pluginName = telemetry.Plugin

var log = telemetry.Log

func init() { plugin.Register(pluginName, setup) }

// setup makes a plugin of every stanza in a server block, chained in their order.
func setup(c *caddy.Controller) error {
	gateways, err := Parse(c)
	if err != nil {
		return plugin.Error(pluginName, err)
	}
	config := dnsserver.GetConfig(c)
	for _, g := range gateways {
		g.begin()
		for _, c := range g.Clusters {
			if err := c.Connect(); err != nil {
				return plugin.Error(pluginName, err)
			}
		}
		config.AddPlugin(func(next plugin.Handler) plugin.Handler {
			g.Next = next
			return g
		})
	}
	i := instanceOf(c)
	i.blocks = append(i.blocks, &block{config, gateways})
	return nil
}

// spaceSeparated lists the properties whose arguments are values without a comma in them.
var spaceSeparated = []string{"resources", "apex", "secondary", "ingressClasses", "gatewayClasses", "fallthrough", "gateways", "namespaces", "externalDNSAnnotations", "exclude", "steer", "network"}

// checkArguments returns an error for arguments that no property takes: braces, and lists with commas.
func checkArguments(c *caddy.Controller, name string, args []string) error {
	for _, arg := range args {
		if err := checkBraces(arg); err != nil {
			return err
		}
		if strings.Contains(arg, ",") && slices.Contains(spaceSeparated, name) {
			return errComma(arg, args)
		}
	}
	if c.NextArg() { // RemainingArgs stops at a brace
		return errors.New(`"{" opens a block, and a property has none: remove it`)
	}
	return nil
}

// checkBraces returns an error for an argument that is a brace or has one at its end.
func checkBraces(arg string) error {
	switch {
	case arg == "}":
		return errors.New(`"}" must be on a line of its own`)
	case len(arg) > 1 && strings.HasSuffix(arg, "{"):
		return fmt.Errorf("%q ends in a brace: write a space before it", arg)
	}
	return nil
}

func errComma(arg string, args []string) error {
	values := strings.Fields(strings.ReplaceAll(strings.Join(args, " "), ",", " "))
	return fmt.Errorf("%q has a comma: separate values with spaces: '%s'", arg, strings.Join(values, " "))
}

// errRepeated says what to write in place of a property that is given more than once.
func errRepeated(name string, p *property) error {
	switch {
	case name == "apex":
		return errors.New("property apex is given more than once: write 'secondary NAME [ADDRESS...]' for another nameserver")
	case p.most < 0 && name != "labelSelector":
		return fmt.Errorf("property %s is given more than once: write all values on one line, as in '%s'", name, p.form(name))
	}
	return fmt.Errorf("property %s is given more than once", name)
}

// errorAt is an error about a line before the one that is read, in the form of caddy.Controller.Err.
func errorAt(at position, err error) error {
	return fmt.Errorf("%s - Error during parsing: %w", at, err)
}

func (s *stanza) setExclude(args []string) error {
	for _, arg := range args {
		name, err := dnsname.Owner(arg)
		if err != nil {
			return fmt.Errorf("%q %w: want names in the zones of the stanza, such as www.example.com or *.example.com", arg, err)
		}
		if slices.Contains(s.exclude, name) {
			return fmt.Errorf("%q is given more than once", arg)
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
