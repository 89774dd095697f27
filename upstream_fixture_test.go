package gateway

import (
	"context"
	"errors"
	"sync"

	"github.com/coredns/coredns/request"

	"github.com/miekg/dns"
)

// fakeUpstream is what the world outside the zones says: a small zone file, followed through CNAMEs. Names
// that are not in it do not exist.
type fakeUpstream struct {
	mu      sync.Mutex
	records []dns.RR
	failing bool
	asked   map[string]int // by "name TYPE"
}

// outside gives the fixture a fake upstream.
func (f *fixture) outside(records ...string) *fakeUpstream {
	u := &fakeUpstream{asked: map[string]int{}}
	u.set(records...)
	f.Upstream.Lookup = u.lookup
	return u
}

func (u *fakeUpstream) set(records ...string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.records = nil
	for _, r := range records {
		u.records = append(u.records, mustRR(r))
	}
}

func (u *fakeUpstream) fail(failing bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.failing = failing
}

func (u *fakeUpstream) count(question string) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.asked[question]
}

func (u *fakeUpstream) lookup(_ context.Context, _ request.Request, name string, qtype uint16) (*dns.Msg, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.asked[name+" "+dns.Type(qtype).String()]++
	m := new(dns.Msg).SetQuestion(name, qtype)
	m.Response = true
	if u.failing {
		return nil, errors.New("no route to host")
	}
	for range 10 {
		exists, alias := false, ""
		for _, rr := range u.records {
			if rr.Header().Name != name {
				continue
			}
			exists = true
			if rr.Header().Rrtype == qtype {
				m.Answer = append(m.Answer, dns.Copy(rr))
			} else if c, ok := rr.(*dns.CNAME); ok {
				m.Answer, alias = append(m.Answer, dns.Copy(rr)), c.Target
			}
		}
		if alias == "" {
			if !exists {
				m.Rcode = dns.RcodeNameError
			}
			break
		}
		name = alias
	}
	if len(m.Answer) == 0 || m.Answer[len(m.Answer)-1].Header().Rrtype != qtype {
		m.Ns = []dns.RR{mustRR(netSOA)}
	}
	return m, nil
}
