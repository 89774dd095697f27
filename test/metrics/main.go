// Command metrics prints the metrics that CoreDNS with the plugin has, one a line, each with its labels. They are as they
// are registered, whether there is anything to measure or not.
package main

import (
	"fmt"
	"log"
	"regexp"
	"slices"
	"strings"

	_ "github.com/coredns/coredns/plugin/metrics" // what all of CoreDNS counts
	_ "github.com/coredns/coredns/plugin/reload"

	"github.com/prometheus/client_golang/prometheus"

	_ "github.com/k8s-gateway/k8s_gateway/v2"
)

// described is what a description says of itself: a metric's name, and its labels.
var described = regexp.MustCompile(`^Desc\{fqName: "([^"]*)".* variableLabels: \{(.*)\}\}$`)

func main() {
	log.SetFlags(0)
	registry, ok := prometheus.DefaultRegisterer.(*prometheus.Registry)
	if !ok {
		log.Fatal("the default registerer is no registry")
	}
	ch := make(chan *prometheus.Desc)
	go func() {
		defer close(ch)
		registry.Describe(ch)
	}()
	var lines []string
	for d := range ch {
		m := described.FindStringSubmatch(d.String())
		if m == nil {
			log.Fatalf("cannot read %s", d)
		}
		lines = append(lines, strings.TrimSpace(m[1]+" "+strings.ReplaceAll(m[2], ",", " ")))
	}
	slices.Sort(lines)
	fmt.Println(strings.Join(slices.Compact(lines), "\n"))
}
