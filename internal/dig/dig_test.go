package dig

import (
	"testing"

	"github.com/miekg/dns"
)

func TestShort(t *testing.T) {
	for want, m := range map[string]*dns.Msg{
		"192.0.2.1 192.0.2.2": {Answer: []dns.RR{rr(t, "a. A 192.0.2.2"), rr(t, "a. A 192.0.2.1")}},
		`"some text"`:         {Answer: []dns.RR{rr(t, `a. TXT "some text"`)}},
		"NODATA":              {},
		"NXDOMAIN":            {MsgHdr: dns.MsgHdr{Rcode: dns.RcodeNameError}},
	} {
		if got := Short(m); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func rr(t *testing.T, s string) dns.RR {
	t.Helper()
	rr, err := dns.NewRR(s)
	if err != nil {
		t.Fatal(err)
	}
	return rr
}
