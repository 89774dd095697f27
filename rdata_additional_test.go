package gateway

import "testing"

// D7: names in our zones that MX and SRV records point at bring their addresses along, each once.
func TestAdditional(t *testing.T) {
	f := newFixture(t, "k8s_gateway example.com example.org {\nresources Ingress DNSEndpoint\n}",
		ingressAt("mail", "mail.example.com", "192.0.2.1", "2001:db8::1"), ingressAt("org", "mail.example.org", "192.0.2.2"),
		ingressAt("wild", "*.wild.example.com", "192.0.2.4"), ingressAt("pending", "pending.example.com"),
		ingressAt("alias", "alias.example.com", "lb.example.net"), endpoints("web", `
  - {dnsName: example.com, recordType: MX, targets: [10 mail.example.com, 20 Mail.Example.com., 30 mail.example.org, 40 mail.example.net]}
  - {dnsName: web.example.com, recordType: MX, targets: [10 x.wild.example.com, 20 pending.example.com, 30 missing.example.com, 40 alias.example.com, 50 example.com]}
  - {dnsName: _sip._tcp.example.com, recordType: SRV, targets: [1 2 5060 mail.example.com, 2 2 5061 mail.example.com]}
  - {dnsName: null.example.com, recordType: MX, targets: [0 .]}
  - {dnsName: none._tcp.example.com, recordType: SRV, targets: [0 0 0 .]}
  - {dnsName: text.example.com, recordType: TXT, targets: [mail.example.com]}
  - {dnsName: ptr.example.com, recordType: PTR, targets: [mail.example.com]}`))
	f.outside("lb.example.net. 30 IN A 192.0.2.9")
	mail := []string{"add: mail.example.com. 60 IN A 192.0.2.1", "add: mail.example.com. 60 IN AAAA 2001:db8::1"}
	f.check(
		expect("example.com. MX", append(mail, "add: mail.example.org. 60 IN A 192.0.2.2",
			"example.com. 60 IN MX 10 mail.example.com.", "example.com. 60 IN MX 20 mail.example.com.",
			"example.com. 60 IN MX 30 mail.example.org.", "example.com. 60 IN MX 40 mail.example.net.")...),
		expect("web.example.com. MX", "add: x.wild.example.com. 60 IN A 192.0.2.4",
			"web.example.com. 60 IN MX 10 x.wild.example.com.", "web.example.com. 60 IN MX 20 pending.example.com.",
			"web.example.com. 60 IN MX 30 missing.example.com.", "web.example.com. 60 IN MX 40 alias.example.com.",
			"web.example.com. 60 IN MX 50 example.com."),
		expect("_sip._tcp.example.com. SRV", append(mail,
			"_sip._tcp.example.com. 60 IN SRV 1 2 5060 mail.example.com.", "_sip._tcp.example.com. 60 IN SRV 2 2 5061 mail.example.com.")...),
		expect("null.example.com. MX", "null.example.com. 60 IN MX 0 ."),
		expect("none._tcp.example.com. SRV", "none._tcp.example.com. 60 IN SRV 0 0 0 ."),
		expect("text.example.com. TXT", "text.example.com. 60 IN TXT mail.example.com"),
		expect("ptr.example.com. PTR", "ptr.example.com. 60 IN PTR mail.example.com."),
	)
}

// D7, A2: a nameserver's name that a record points at has the nameserver's addresses.
func TestAdditionalNameserver(t *testing.T) {
	f := newFixture(t, "apex ns1 192.0.2.53 2001:db8::53\nresources DNSEndpoint", endpoints("web", `
  - {dnsName: web.example.com, recordType: MX, targets: [10 ns1.example.com]}`))
	f.check(expect("web.example.com. MX", "web.example.com. 60 IN MX 10 ns1.example.com.",
		"add: ns1.example.com. 60 IN A 192.0.2.53", "add: ns1.example.com. 60 IN AAAA 2001:db8::53"))
}

// D7: the addresses come along behind an alias too.
func TestAdditionalBehindAlias(t *testing.T) {
	f := newFixture(t, "resources DNSEndpoint", endpoints("web", `
  - {dnsName: web.example.com, recordType: CNAME, targets: [domain.example.com]}
  - {dnsName: domain.example.com, recordType: MX, targets: [10 mail.example.com]}
  - {dnsName: mail.example.com, recordType: A, targets: [192.0.2.1]}`))
	f.check(expect("web.example.com. MX", "web.example.com. 60 IN CNAME domain.example.com.",
		"domain.example.com. 60 IN MX 10 mail.example.com.", "add: mail.example.com. 60 IN A 192.0.2.1"))
}
