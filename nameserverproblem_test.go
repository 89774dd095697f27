package gateway

import (
	"strings"
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/statuspage"
)

// A1: a nameserver of which no address is known is said once in the log, and on the status page for as long as that is so.
func TestNameserverProblems(t *testing.T) {
	inZone := ingressAt("dns", "dns.example.com", "192.0.2.53")
	for _, tc := range []struct{ stanza, manifest, name, problem string }{
		{"", "", "dns1.kube-system.example.com.", "no address is known: there is no Service kube-system/dns1"},
		{"", strings.Replace(nameserverService, "status:", "nothing:", 1), "dns1.kube-system.example.com.", "no address is known: Service kube-system/dns1 has no address"},
		{"", nameserverService, "", ""},
		{"apex dns.infra", dnsService("endpoints"), "dns.infra.example.com.", "no address is known: Service infra/dns has no ready endpoint"},
		{"apex dns", "", "dns.example.com.", "no address is known: the Corefile gives none, one label stands for no Service, and no object here has one for this name"},
		{"apex dns", inZone, "", ""},
		{"apex dns 192.0.2.53", "", "", ""},
		{"apex dns.example.com", "", "dns.example.com.", "no address is known: the Corefile gives none, and no object here has one for this name"},
		{"apex dns.example.com.", inZone, "", ""},
		{"apex dns.example.com.", ingressAt("dns", "dns.example.com", "lb.example.net"), "dns.example.com.", "no address is known: it is an alias, which a nameserver's name must not be (RFC 2181 section 10.3)"},
		{"apex example.com", "", "example.com.", "no address is known: the Corefile gives none, and no object here has one for this name"},
		{"apex ns.example.net.", "", "", ""},
		{"apex ns.example.net. 192.0.2.53", "", "ns.example.net.", "its addresses are not answered here, because it lies in none of the zones"},
	} {
		l := newLive(t, tc.stanza+"\nresources Ingress\nstatus :0", tc.manifest)
		said := logged(t, l.reportNameservers)
		want := ""
		if tc.problem != "" {
			want = "nameserver " + tc.name + ": " + tc.problem
		}
		if strings.Count(said, "nameserver ") != strings.Count(want, "nameserver ") || !strings.Contains(said, want) {
			t.Errorf("%s: logged %q, want %q", tc.stanza, said, want)
		}
		var rows []string
		for _, r := range statuspage.Rows((overview{l.Gateway}).State().Claims) {
			if r.Standing == statuspage.Pending && r.Kind == "Corefile" {
				rows = append(rows, r.Name+" "+r.Reason)
			}
		}
		if got := strings.Join(rows, "\n"); tc.problem == "" && got != "" || tc.problem != "" && got != tc.name+" nameserver: "+tc.problem {
			t.Errorf("%s: on the status page %q, want %q", tc.stanza, got, tc.problem)
		}
		if tc.problem != "" && l.Zones.Match(strings.TrimSuffix(tc.name, ".")) != nil {
			text := strings.Join(overview{l.Gateway}.Explain(tc.name).Reasons, " ")
			if !strings.Contains(text, tc.problem[1:]+".") {
				t.Errorf("%s: explained as %q", tc.stanza, text)
			}
		}
	}
}

// A1: what is not listed yet is not said to be missing.
func TestNameserverProblemUnlisted(t *testing.T) {
	for _, apex := range []string{"dns1.kube-system", "dns"} {
		f := unlisted(t, "resources Ingress\napex "+apex)
		f.begin()
		defer f.end()
		if said := logged(t, f.reportNameservers); strings.Contains(said, "nameserver") {
			t.Errorf("apex %s: logged %q", apex, said)
		}
		later := logged(t, func() {
			for _, i := range f.informers() {
				i.Settle()
			}
			f.running.Wait()
		})
		if strings.Count(later, "no address is known") != 1 {
			t.Errorf("apex %s: logged %q once everything was listed", apex, later)
		}
	}
}
