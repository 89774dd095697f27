package subnet

import (
	"slices"

	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"
)

// scopeWriter writes the reply of the next plugin to a question that fell through because of a filter. Whether it falls through depends on
// the client, so the client subnet of the reply has at least the scope of the filter (T7).
type scopeWriter struct {
	dns.ResponseWriter
	question *dns.Msg
	subnet   *dns.EDNS0_SUBNET
	scope    uint8
}

// WithScope returns a writer for the reply to a question. It is w itself if the question has no client subnet.
func WithScope(w dns.ResponseWriter, r *dns.Msg, scope uint8) dns.ResponseWriter {
	subnet, _ := Of(r)
	if subnet == nil {
		return w
	}
	return &scopeWriter{w, r, subnet, scope}
}

// WriteMsg implements dns.ResponseWriter. The message belongs to the plugin that made it, so the parts that change are copied.
func (w *scopeWriter) WriteMsg(m *dns.Msg) error {
	scoped := *m
	scoped.Extra = slices.Clone(m.Extra)
	for i, rr := range scoped.Extra {
		opt, ok := rr.(*dns.OPT)
		if !ok {
			continue
		}
		copied := *opt
		copied.Option = slices.Clone(opt.Option)
		scoped.Extra[i] = &copied
		for j, o := range copied.Option {
			if subnet, ok := o.(*dns.EDNS0_SUBNET); ok {
				raised := *subnet
				raised.SourceScope = max(raised.SourceScope, w.scope)
				copied.Option[j] = &raised
				return w.ResponseWriter.WriteMsg(&scoped)
			}
		}
	}
	Add(&scoped, &request.Request{W: w.ResponseWriter, Req: w.question}, w.subnet, w.scope)
	return w.ResponseWriter.WriteMsg(&scoped)
}
