package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/testcluster"
)

// relisted is how long nothing comes from the API server when a list is over.
const relisted = 500 * time.Millisecond

// proxy is a process between CoreDNS and the API server.
type proxy struct {
	*helper
	kubeconfig string
}

// startProxy starts a proxy, and writes a kubeconfig that leads to it.
func (b *bench) startProxy() (*proxy, error) {
	h, err := startHelper("proxy", b.cluster.Kubeconfig())
	if err != nil {
		return nil, err
	}
	p := &proxy{h, filepath.Join(b.dir, "kubeconfig.proxy")}
	var addr string
	if _, err := fmt.Fscanln(p.stdout, &addr); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, testcluster.WriteKubeconfig(p.kubeconfig, &api.Cluster{Server: "http://" + addr}, nil)
}

// storing is how long a server may take with a list once it has all of it.
const storing = 500 * time.Millisecond

// cut ends the watch so that everything is listed again, and returns when that began and ended.
func (p *proxy) cut() (from, to time.Time, err error) {
	if _, err := fmt.Fprintln(p.stdin, "cut"); err != nil {
		return from, to, err
	}
	var began, ended, bytes int64
	if _, err := fmt.Fscanln(p.stdout, &began, &ended, &bytes); err != nil {
		return from, to, err
	}
	from, to = time.Unix(0, began), time.Unix(0, ended)
	say("listed again: %.1f MiB in %s", float64(bytes)/(1<<20), to.Sub(from).Round(10*time.Millisecond))
	return from, to.Add(storing), nil
}

// cutter is the proxy in its own process.
type cutter struct {
	forward *httputil.ReverseProxy

	mu      sync.Mutex
	watches map[int]context.CancelFunc // that are open
	opened  int
	gone    bool // the next watch is told that its version is too old

	began, last, bytes atomic.Int64 // of what the API server sends, since the last cut
}

// serveProxy is the process: it cuts for every line of its standard input, and ends with it.
func serveProxy(kubeconfig string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	server, err := url.Parse(config.Host)
	if err != nil {
		return err
	}
	transport, err := rest.TransportFor(config)
	if err != nil {
		return err
	}
	c := &cutter{watches: map[int]context.CancelFunc{}}
	c.forward = &httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(server) },
		Transport:      transport,
		FlushInterval:  -1,
		ModifyResponse: c.count,
		ErrorLog:       log.New(io.Discard, "", 0),
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() { _ = (&http.Server{Handler: c, ErrorLog: log.New(io.Discard, "", 0)}).Serve(listener) }()
	fmt.Println(listener.Addr())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		c.cut()
		c.await()
		fmt.Println(c.began.Load(), c.last.Load(), c.bytes.Load())
	}
	return nil
}

func (c *cutter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if query.Get("watch") == "" {
		c.forward.ServeHTTP(w, r)
		return
	}
	ctx, end := context.WithCancel(r.Context())
	defer end()
	c.mu.Lock()
	gone := c.gone && query.Get("sendInitialEvents") == ""
	if gone {
		c.gone = false
	}
	c.opened++
	id := c.opened
	c.watches[id] = end
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.watches, id)
		c.mu.Unlock()
		if r := recover(); r != nil && r != http.ErrAbortHandler {
			panic(r)
		}
	}()
	if gone {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusGone)
		_ = json.NewEncoder(w).Encode(metav1.Status{
			TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Status"},
			Status:   metav1.StatusFailure, Reason: metav1.StatusReasonExpired, Code: http.StatusGone, Message: "too old resource version",
		})
		return
	}
	c.forward.ServeHTTP(w, r.WithContext(ctx))
}

// cut ends all watches, and has the next one fail.
func (c *cutter) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gone = true
	c.began.Store(0)
	c.last.Store(0)
	c.bytes.Store(0)
	for _, end := range c.watches {
		end()
	}
}

// await returns when something has come from the API server and nothing more does.
func (c *cutter) await() {
	for {
		time.Sleep(relisted / 10)
		if last := c.last.Load(); c.bytes.Load() > 1<<20 && time.Since(time.Unix(0, last)) > relisted {
			return
		}
	}
}

// count notes what the API server sends.
func (c *cutter) count(r *http.Response) error {
	r.Body = &counted{r.Body, c}
	return nil
}

type counted struct {
	io.ReadCloser
	*cutter
}

func (b *counted) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		now := time.Now().UnixNano()
		b.began.CompareAndSwap(0, now)
		b.last.Store(now)
		b.bytes.Add(int64(n))
	}
	return n, err
}
