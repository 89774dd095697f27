//go:build browser

package browser

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/k8s-gateway/k8s_gateway/internal/statuspage"
	"github.com/k8s-gateway/k8s_gateway/internal/statuspage/sample"
)

var (
	desktop = look{1280, 900, 1, "light"}
	night   = look{1280, 900, 1, "dark"}
	phone   = look{390, 844, 2, "light"}
)

func serve(t *testing.T, source statuspage.Source) string {
	t.Helper()
	s := statuspage.New(source, t.Errorf)
	if err := s.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Shutdown(); err != nil {
			t.Error(err)
		}
	})
	return "http://" + s.Addr().String()
}

func TestShots(t *testing.T) {
	origin := serve(t, sample.New(50_000))
	b := start(t)
	for name, l := range map[string]look{"light": desktop, "dark": night, "phone": phone} {
		b.look(l)
		for shot, path := range map[string]string{"home": "/", "pending": "/?q=pending.example.com", "ok": "/?q=www.example.com", "silent": "/?standing=unanswered&sort=-standing", "nothing": "/?q=foo.example.org"} {
			b.load(path, chromedpNavigate(origin+path))
			b.screenshot(shot + "-" + name)
		}
	}
	b.clean(origin)
}

func chromedpNavigate(u string) func(ctx context.Context, t *chromedp.Target) (struct{}, error) { return chromedp.Navigate(u) }
