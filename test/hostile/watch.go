package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// bareWatch is a client that watches all objects of a kind, as CoreDNS does, and decodes none. It shows how long the API
// server takes to deliver a change.
type bareWatch struct {
	mu      sync.Mutex
	arrived map[string]time.Time // when a name of a moving object was in an event
	err     error
}

// movingName is a name that move gives to objects.
var movingName = regexp.MustCompile(`\bm\d+\.example\.com`)

const (
	watchedAsProtobuf = "application/vnd.kubernetes.protobuf;stream=watch" // as CoreDNS asks for kinds that are no custom resources
	watchedAsJSON     = "application/json"
	protobufHeader    = 4 // octets of the length before an event
	searched          = 8 << 10
)

// watch starts a watch of all objects of a kind, which ends with the context.
func (a *api) watch(ctx context.Context, kind string) (*bareWatch, error) {
	path := strings.Replace(paths[kind], "namespaces/%s/", "", 1)
	media := watchedAsJSON
	if strings.HasPrefix(path, "/api/") || strings.Contains(path, "networking.k8s.io/v1/ingresses") {
		media = watchedAsProtobuf
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.host+path+"?watch=1", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", media)
	reply, err := a.client.Do(req)
	if err != nil {
		return nil, err
	}
	if reply.StatusCode != http.StatusOK {
		reply.Body.Close()
		return nil, fmt.Errorf("watching %s: %s", path, reply.Status)
	}
	w := &bareWatch{arrived: map[string]time.Time{}}
	go func() {
		defer reply.Body.Close()
		events := bufio.NewReaderSize(reply.Body, 64<<10)
		for {
			event, err := nextEvent(events, media == watchedAsProtobuf)
			w.mu.Lock()
			if name := movingName.Find(event[:min(len(event), searched)]); name != nil {
				w.arrived[string(name)] = time.Now()
			}
			w.err = err
			w.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return w, nil
}

func nextEvent(events *bufio.Reader, isProtobuf bool) ([]byte, error) {
	if !isProtobuf {
		return events.ReadBytes('\n')
	}
	var header [protobufHeader]byte
	if _, err := io.ReadFull(events, header[:]); err != nil {
		return nil, err
	}
	event := make([]byte, binary.BigEndian.Uint32(header[:]))
	_, err := io.ReadFull(events, event)
	return event, err
}

// when returns when a name arrived, and whether it did.
func (w *bareWatch) when(name string) (time.Time, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at, ok := w.arrived[name]
	if !ok && w.err != nil {
		return at, ok, fmt.Errorf("bare watch: %w", w.err)
	}
	delete(w.arrived, name)
	return at, ok, nil
}
