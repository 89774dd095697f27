package gateway

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/coredns/coredns/plugin"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/dnsname"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/nameserver"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/object"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/target"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
)

// property describes a property of the Corefile. set reads the arguments into a stanza. Its error says what is wrong with them; the caller
// adds the name of the property.
type property struct {
	usage string
	least int // the least number of arguments
	most  int // the greatest number of arguments; -1 for any number
	set   func(s *stanza, args []string) error

	repeats bool // the property may be given more than once
}

// form returns the syntax of the property.
func (p *property) form(name string) string { return strings.TrimSpace(name + " " + p.usage) }

// properties is the table of properties.
var properties = map[string]property{
	"resources":                     {"KIND...", 1, -1, (*stanza).setResources, false},
	"ttl":                           {"TTL [NEGATIVE]", 1, 2, (*stanza).setTTL, false},
	"apex":                          {"NAME [ADDRESS...]", 1, -1, (*stanza).setApex, false},
	"secondary":                     {"NAME [ADDRESS...]", 1, -1, (*stanza).addSecondary, true},
	"kubeconfig":                    {"FILE [CONTEXT]", 1, 2, (*stanza).setKubeconfig, true},
	"ingressClasses":                {"CLASS...", 1, -1, func(s *stanza, args []string) error { return setList(&s.filters.IngressClasses, args) }, false},
	"gatewayClasses":                {"CLASS...", 1, -1, func(s *stanza, args []string) error { return setList(&s.filters.GatewayClasses, args) }, false},
	"serviceLabelSelectors":         {"SELECTOR...", 1, -1, (*stanza).setServiceSelectors, false},
	"nodeAddressType":               {"InternalIP|ExternalIP", 1, 1, (*stanza).setNodeAddressType, false},
	"loadBalancerAddressPreference": {"ip|hostname", 1, 1, (*stanza).setLoadBalancerPreference, false},
	"fallthrough":                   {"[ZONE...]", 0, -1, (*stanza).setFallthrough, false},
	"gateways":                      {"NAMESPACE/NAME...", 1, -1, (*stanza).setGateways, false},
	"namespaces":                    {"NAMESPACE...", 1, -1, (*stanza).setNamespaces, false},
	"labelSelector":                 {"SELECTOR", 1, -1, (*stanza).setLabelSelector, false},
	"externalDNSAnnotations":        {"KEY...", 1, -1, (*stanza).setExternalDNS, false},
	"status":                        {"[HOST]:PORT", 1, 1, (*stanza).setStatus, false},
	"startupTimeout":                {"DURATION", 1, 1, (*stanza).setStartupTimeout, false},
	"explain":                       {"", 0, 0, func(s *stanza, _ []string) error { s.explains = true; return nil }, false},
	"exclude":                       {"NAME...", 1, -1, (*stanza).setExclude, false},
	"steer":                         {"FILTER...", 1, -1, (*stanza).setSteer, false},
	"network":                       {"NAME CIDR...", 2, -1, (*stanza).addNetwork, true},
	"location":                      {"CLUSTER LOCATION", 2, 2, (*stanza).addLocation, true},
	"clientFiltering":               {"[true|false]", 0, 1, (*stanza).setClientFiltering, false},
	"clientFilteringMode":           {"failOpen|strict", 1, 1, (*stanza).setClientFilteringMode, false},
}

// spaceSeparated lists the properties whose arguments are separate values. A comma in one is a mistake.
var spaceSeparated = []string{"resources", "apex", "secondary", "ingressClasses", "gatewayClasses", "fallthrough", "gateways", "namespaces", "externalDNSAnnotations", "exclude", "steer", "network"}

// errRepeated returns the error for a property that is given more than once, with what to write instead.
func errRepeated(name string, p *property) error {
	switch {
	case name == "apex":
		return errors.New("property apex is given more than once: write 'secondary NAME [ADDRESS...]' for another nameserver")
	case p.most < 0 && name != "labelSelector":
		return fmt.Errorf("property %s is given more than once: write all values on one line, as in '%s'", name, p.form(name))
	}
	return fmt.Errorf("property %s is given more than once", name)
}

func propertyNames() []string {
	var list []string
	for name := range properties {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func (s *stanza) setResources(args []string) error {
	for _, name := range args {
		if source.KindNamed(name) == nil {
			return errors.New(wording.Unknown("kind", name, source.KindNames(), "some of"))
		}
	}
	s.resources = args
	return nil
}

func (s *stanza) setTTL(args []string) error {
	for i, field := range []*uint32{&s.ttl, &s.negativeTTL}[:len(args)] {
		n, err := strconv.ParseUint(args[i], 10, 32)
		if err != nil || n > maxTTL {
			return fmt.Errorf("%q is not a TTL: want seconds, 0 to %d", args[i], maxTTL)
		}
		*field = uint32(n)
	}
	return nil
}

func (s *stanza) setApex(args []string) (err error) {
	s.apex, err = newNameserver(args)
	return err
}

func (s *stanza) addSecondary(args []string) error {
	ns, err := newNameserver(args)
	s.secondary = append(s.secondary, ns)
	return err
}

// newNameserver reads the arguments NAME [ADDRESS...]. A name that ends in a dot is absolute.
func newNameserver(args []string) (*nameserver.Server, error) {
	name, err := dnsname.Hostname(args[0])
	if err == nil && strings.Contains(args[0], "*") {
		err = dnsname.ErrWildcard
	}
	if err != nil {
		return nil, fmt.Errorf("%q %w: want a name relative to the zone, such as ns1 or dns1.kube-system, or a whole one that ends in a dot", args[0], err)
	}
	ns := &nameserver.Server{Name: name, Absolute: strings.HasSuffix(args[0], "."), AddrsInCorefile: len(args) > 1}
	for _, arg := range args[1:] {
		a, err := target.Parse(arg)
		if err != nil {
			return nil, fmt.Errorf("%q %w: want IPv4 or IPv6 addresses after the name", arg, err)
		}
		if slices.Contains(ns.Addrs, a) {
			return nil, fmt.Errorf("%q is given more than once", arg)
		}
		ns.Addrs = append(ns.Addrs, a)
	}
	ns.Addrs = target.Sort(ns.Addrs)
	return ns, nil
}

func setList(field *[]string, args []string) error {
	*field = args
	return nil
}

func (s *stanza) setServiceSelectors(args []string) error {
	if slices.ContainsFunc(args, isSelectorPart) {
		return unquotedSelector("serviceLabelSelectors", args)
	}
	for _, arg := range args {
		selector, err := labels.Parse(arg)
		if err != nil {
			return fmt.Errorf("%q is not a label selector: %w: want, for example, app=web or \"app in (web, api)\"", arg, err)
		}
		s.filters.ServiceSelectors = append(s.filters.ServiceSelectors, selector)
	}
	return nil
}

// isSelectorPart reports whether an argument looks like a part of an unquoted label selector with spaces.
func isSelectorPart(arg string) bool {
	if strings.ContainsAny(arg, " \t") { // it is quoted
		return false
	}
	return slices.Contains([]string{"in", "notin", "=", "==", "!="}, arg) || strings.HasPrefix(arg, "(") || strings.HasSuffix(arg, ",") ||
		strings.Count(arg, "(") != strings.Count(arg, ")")
}

// unquotedSelector returns the error for an unquoted label selector with spaces, with what to write instead.
func unquotedSelector(property string, args []string) error {
	joined := strings.Join(args, ",")
	if _, err := labels.Parse(joined); err == nil && !slices.ContainsFunc(args, isSelectorPart) {
		return fmt.Errorf("want one selector: write '%s %s' for objects that match all of these", property, joined)
	}
	example := strings.Join(args, " ")
	if _, err := labels.Parse(example); err != nil {
		example = "app in (web, api)"
	}
	return fmt.Errorf("a selector with spaces in it has to be quoted: want '%s %q'", property, example)
}

func (s *stanza) setNodeAddressType(args []string) error {
	switch t := corev1.NodeAddressType(args[0]); t {
	case corev1.NodeInternalIP, corev1.NodeExternalIP:
		s.filters.NodeAddressType = t
		return nil
	}
	return fmt.Errorf("%q is not an address type: want %s or %s", args[0], corev1.NodeInternalIP, corev1.NodeExternalIP)
}

func (s *stanza) setLoadBalancerPreference(args []string) error {
	switch args[0] {
	case "ip", "hostname":
		s.filters.PreferHostnames = args[0] == "hostname"
		return nil
	}
	return fmt.Errorf("%q is not what a load balancer has: want ip or hostname", args[0])
}

func (s *stanza) setFallthrough(args []string) error {
	for _, arg := range args {
		switch strings.ToLower(arg) {
		case "true", "yes", "on":
			return fmt.Errorf("%q is not a zone: want 'fallthrough' alone, for all zones of the stanza", arg)
		case "false", "no", "off":
			return fmt.Errorf("%q is not a zone: leave the property out, nothing falls through then", arg)
		}
		origins := plugin.Host(arg).NormalizeExact()
		if len(origins) == 0 {
			return fmt.Errorf("%q is not a domain name", arg)
		}
		for _, origin := range origins {
			if _, err := parseZone(origin); err != nil {
				return fmt.Errorf("%q %w", arg, err)
			}
		}
	}
	s.Fall.SetZonesFromArgs(args)
	return nil
}

func (s *stanza) setGateways(args []string) error {
	for _, key := range args {
		namespace, name, ok := strings.Cut(key, "/")
		if !ok || len(validation.IsDNS1123Label(namespace))+len(validation.IsDNS1123Subdomain(name)) > 0 {
			return fmt.Errorf("%q is not a Gateway: want NAMESPACE/NAME", key)
		}
	}
	s.filters.Gateways = args
	return nil
}

func (s *stanza) setNamespaces(args []string) error {
	for _, name := range args {
		if problems := validation.IsDNS1123Label(name); len(problems) > 0 {
			if lower := strings.ToLower(name); len(validation.IsDNS1123Label(lower)) == 0 {
				return fmt.Errorf("%q is not a namespace: did you mean %q?", name, lower)
			}
			return fmt.Errorf("%q is not a namespace: want lower-case letters, digits and -, at most 63 of them, such as kube-system", name)
		}
	}
	s.filters.Namespaces = args
	return nil
}

func (s *stanza) setLabelSelector(args []string) error {
	if len(args) > 1 {
		return unquotedSelector("labelSelector", args)
	}
	selector, err := labels.Parse(args[0])
	if err != nil {
		return fmt.Errorf("%q is not a label selector: %w: want, for example, app=web or \"app in (web, api)\"", args[0], err)
	}
	s.filters.LabelSelector, s.filters.Selector = args[0], selector
	return nil
}

func (s *stanza) setStartupTimeout(args []string) error {
	d, err := time.ParseDuration(args[0])
	if err != nil || d < 0 || d > maxStartupTimeout {
		return fmt.Errorf("%q is not a time to wait: want a duration such as 5s, from 0s to %s", args[0], maxStartupTimeout)
	}
	s.startupTimeout = d
	return nil
}

func (s *stanza) setStatus(args []string) (err error) {
	s.status, err = statuspage.ParseAddress(args[0])
	return err
}

func (s *stanza) setExternalDNS(args []string) error {
	for _, key := range args {
		if !slices.Contains(object.ExternalDNSKeys, key) {
			return errors.New(wording.Unknown("annotation", key, object.ExternalDNSKeys, "some of"))
		}
	}
	s.filters.ExternalDNS = args
	return nil
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

// checkExclude returns an error for an excluded name that lies in no zone of the stanza.
func (s *stanza) checkExclude(zones []string) error {
	for _, name := range s.exclude {
		in := strings.TrimPrefix(name, "*.")
		if !slices.ContainsFunc(zones, func(zone string) bool { return dnsname.Within(in, zone) }) {
			return fmt.Errorf("property exclude: %q lies in no zone of the stanza (%s): write whole names in these, such as %s", name, shown(zones...), dnsname.Join("www", zones[0]))
		}
	}
	return nil
}
