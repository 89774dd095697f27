package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// twoSites serves two clusters, which are contexts of one kubeconfig: example.com from the first site with a ready
// endpoint, example.net from all sites with one.
const twoSites = `.:%[2]s {
    bind %[1]s
    errors
    k8s_gateway example.com {
        kubeconfig "%[3]s" berlin
        kubeconfig "%[3]s" boston
        steer healthy first
        status %[4]s
    }
    k8s_gateway example.net {
        kubeconfig "%[3]s" berlin
        kubeconfig "%[3]s" boston
        steer healthy
        status %[4]s
    }
}
`

// The names that the manifests of both sites have.
const (
	activePassive = "shop.example.com"
	activeActive  = "shop.example.net"
)

// site is a cluster of the demo with two of them.
type site struct {
	name     string
	address  string // of its Ingress
	manifest []byte
	cluster  *testcluster.Cluster
}

// sites are the clusters in the order of the Corefile.
type sites [2]*site

func newSites() sites {
	return sites{{name: "berlin", address: "192.0.2.10"}, {name: "boston", address: "198.51.100.10"}}
}

// start starts the API servers and applies the manifest of each site.
func (s sites) start(ctx context.Context, dir, examples string) (err error) {
	for _, site := range s {
		file := filepath.Join(examples, "sites", site.name+".yaml")
		if site.manifest, err = os.ReadFile(file); err != nil {
			return err
		}
		fmt.Printf("%s: ", site.name)
		if site.cluster, err = startCluster(ctx, filepath.Join(dir, site.name), file); err != nil {
			return err
		}
		fmt.Printf("%s: applied %s\n", site.name, file)
	}
	return nil
}

func (s sites) close() (err error) {
	for _, site := range s {
		if site.cluster != nil {
			err = errors.Join(err, site.cluster.Close())
		}
	}
	return err
}

// writeKubeconfig writes a kubeconfig with a context for each site, and returns its path.
func (s sites) writeKubeconfig(dir string) (string, error) {
	both := clientcmdapi.NewConfig()
	for _, site := range s {
		one, err := clientcmd.LoadFromFile(site.cluster.Kubeconfig())
		if err != nil {
			return "", err
		}
		current := one.Contexts[one.CurrentContext]
		both.Clusters[site.name] = one.Clusters[current.Cluster]
		both.AuthInfos[site.name] = one.AuthInfos[current.AuthInfo]
		both.Contexts[site.name] = &clientcmdapi.Context{Cluster: site.name, AuthInfo: site.name}
	}
	both.CurrentContext = s[0].name
	file := filepath.Join(dir, "kubeconfig")
	return file, clientcmd.WriteToFile(*both, file)
}

// step is a change of an endpoint.
type step struct {
	what  string
	site  int // the one that changes
	ready [2]bool
}

var steps = []step{
	{"the endpoint in Berlin is not ready", 0, [2]bool{false, true}},
	{"nor is the one in Boston: all count as ready", 1, [2]bool{false, false}},
	{"the endpoint in Boston is ready again", 1, [2]bool{false, true}},
	{"so is the one in Berlin", 0, [2]bool{true, true}},
}

// answers returns what the two names have, as dig.Short puts it: the addresses of all ready sites, or of all sites if none is
// ready; and of these the first.
func (s sites) answers(ready [2]bool) (first, all string) {
	var kept []string
	for i, site := range s {
		if ready[i] || ready == [2]bool{} {
			kept = append(kept, site.address)
		}
	}
	return kept[0], strings.Join(kept, " ") // Berlin's sorts before Boston's
}

// await waits until both names have the answers for endpoints of which these are ready.
func (s sites) await(ctx context.Context, o options, ready [2]bool) error {
	first, all := s.answers(ready)
	if err := awaitAddress(ctx, o.listen, activePassive, first); err != nil {
		return err
	}
	return awaitAddress(ctx, o.listen, activeActive, all)
}

// take makes the change of a step, and returns how long DNS took to show it.
func (s sites) take(ctx context.Context, o options, change step) (time.Duration, error) {
	// The other site first: somebody may have changed it by hand.
	for _, i := range []int{1 - change.site, change.site} {
		manifest := s[i].manifest
		if !change.ready[i] {
			manifest = bytes.Replace(manifest, []byte("ready: true"), []byte("ready: false"), 1)
		}
		if err := s[i].cluster.Apply(ctx, manifest); err != nil {
			return 0, err
		}
	}
	start := time.Now()
	if err := s.await(ctx, o, change.ready); err != nil {
		return 0, fmt.Errorf("%s: %w", change.what, err)
	}
	return time.Since(start).Round(100 * time.Microsecond), nil
}

// show takes all steps, and prints a table of the answers.
func (s sites) show(ctx context.Context, w io.Writer, o options) error {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	first, all := s.answers([2]bool{true, true})
	fmt.Fprintf(table, "\n\t%s\t%s\tshown after\n\tsteer healthy first\tsteer healthy\t\n", activePassive, activeActive)
	fmt.Fprintf(table, "the endpoints in Berlin and Boston are ready\t%s\t%s\t\n", first, all)
	for _, change := range steps {
		took, err := s.take(ctx, o, change)
		if err != nil {
			return errors.Join(table.Flush(), err)
		}
		first, all := s.answers(change.ready)
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", change.what, first, all, took)
	}
	fmt.Fprintln(table)
	return table.Flush()
}

// printSiteHints prints what to try while the demo serves two sites.
func printSiteHints(w io.Writer, o options, kubeconfig string) {
	host, port, _ := net.SplitHostPort(o.listen)
	fmt.Fprintf(w, `serving example.com and example.net on %[1]s until you press Ctrl-C; try in another terminal:

  dig +short @%[2]s -p %[3]s %[4]s

  export KUBECONFIG=%[5]s   # contexts: berlin, boston
  kubectl --context berlin patch endpointslice shop-1 --type=json \
    -p '[{"op": "replace", "path": "/endpoints/0/conditions/ready", "value": false}]'

and dig again. Or press Enter here: the next step of the table.
All names, and what each filter keeps for a client: http://%[6]s/
The Corefile of this demo is beside the kubeconfig. docs/steering.md has one of your own.
`, o.listen, host, port, activePassive, kubeconfig, o.status)
}

// runSites shows failover between two clusters.
func runSites(ctx context.Context, o options, dir string, keys *keys) (err error) {
	s := newSites()
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.start(ctx, dir, o.examples); err != nil {
		return err
	}
	kubeconfig, err := s.writeKubeconfig(dir)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(o.listen)
	if err != nil {
		return err
	}
	server, err := startCoreDNS(o, dir, fmt.Sprintf(twoSites, host, port, kubeconfig, o.status))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	if err := awaitStart(ctx, o, server, func(ctx context.Context) error { return s.await(ctx, o, [2]bool{true, true}) }); err != nil {
		return err
	}
	if err := s.show(ctx, os.Stdout, o); err != nil {
		return err
	}
	if keys.mustStop() {
		return nil
	}
	printSiteHints(os.Stdout, o, kubeconfig)
	return interact(ctx, server, keys, func(n int) error {
		change := steps[(n-1)%len(steps)]
		took, err := s.take(ctx, o, change)
		if err == nil {
			first, all := s.answers(change.ready)
			fmt.Printf("%s: after %s, %s has %s, and %s has %s\n", change.what, took, activePassive, first, activeActive, all)
		}
		return err
	})
}
