package kube

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-logr/logr"
	"golang.org/x/time/rate"
	"k8s.io/klog/v2"
	"k8s.io/utils/lru"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
)

// client-go has one logger for the whole process. It must be set before anything uses it.
func init() { klog.SetLogger(logr.New(&klogSink{limits: lru.New(messages)})) }

// The same message of client-go is logged at most once in sameMessage. client-go repeats messages during an outage, and the
// plugin itself logs what matters.
const (
	sameMessage = time.Minute
	messages    = 256 // how many different messages are compared
)

// klogSink is a logr.LogSink that writes client-go's messages to CoreDNS's log.
type klogSink struct {
	values []any
	limits *lru.Cache // of *rate.Sometimes by message
}

// Init, Enabled and WithName implement logr.LogSink. klog applies its verbosity itself.
func (*klogSink) Init(logr.RuntimeInfo)          {}
func (*klogSink) Enabled(int) bool               { return true }
func (k *klogSink) WithName(string) logr.LogSink { return k }

// WithValues implements logr.LogSink.
func (k *klogSink) WithValues(values ...any) logr.LogSink {
	return &klogSink{append(k.values[:len(k.values):len(k.values)], values...), k.limits}
}

// Info implements logr.LogSink.
func (k *klogSink) Info(_ int, message string, values ...any) {
	k.sometimes(message, func() { log.Infof("client-go: %s", k.text(message, nil, values)) })
}

// Error implements logr.LogSink. It is a warning in the log, because client-go continues after every error.
func (k *klogSink) Error(err error, message string, values ...any) {
	k.sometimes(message, func() { log.Warningf("client-go: %s", k.text(message, err, values)) })
}

func (k *klogSink) sometimes(message string, do func()) {
	limit, ok := k.limits.Get(message)
	if !ok {
		limit = &rate.Sometimes{Interval: sameMessage}
		k.limits.Add(message, limit)
	}
	limit.(*rate.Sometimes).Do(do)
}

// text returns one line. Values from outside are quoted.
func (k *klogSink) text(message string, err error, values []any) string {
	var b strings.Builder
	b.WriteString(strings.ReplaceAll(message, "\n", " "))
	if err != nil {
		b.WriteString(": " + wording.Quote(err.Error()))
	}
	for all := append(k.values[:len(k.values):len(k.values)], values...); len(all) > 1; all = all[2:] {
		fmt.Fprintf(&b, " %v=%s", all[0], wording.Quote(fmt.Sprint(all[1])))
	}
	return b.String()
}
