package statuspage

import (
	"strings"
	"testing"
)

func TestParseAddress(t *testing.T) {
	for s, want := range map[string]string{
		":9154":                 "127.0.0.1:9154", // not all interfaces
		"localhost:9154":        "127.0.0.1:9154",
		"127.0.0.1:9154":        "127.0.0.1:9154",
		"127.0.0.1:0":           "127.0.0.1:0",
		"[::1]:9154":            "[::1]:9154",
		"0.0.0.0:9154":          "0.0.0.0:9154",
		"[::]:9154":             "[::]:9154",
		"192.0.2.1:09154":       "192.0.2.1:9154",
		"[2001:DB8::0:1]:65535": "[2001:db8::1]:65535",
		"[::ffff:127.0.0.1]:1":  "127.0.0.1:1",
	} {
		got, err := ParseAddress(s)
		if err != nil || got != want {
			t.Errorf("%s: got %s (%v), want %s", s, got, err, want)
		}
		if again, err := ParseAddress(got); err != nil || again != got {
			t.Errorf("%s: %s, then %s (%v)", s, got, again, err)
		}
	}
	for s, words := range map[string]string{
		"":                  "is not [HOST]:PORT",
		"9154":              "is not [HOST]:PORT",
		"127.0.0.1":         "is not [HOST]:PORT",
		"::1:9154":          "is not [HOST]:PORT",
		"http://:9154":      "is not [HOST]:PORT",
		"127.0.0.1:":        `port "" is not a number from 0 to 65535`,
		":http":             `port "http" is not a number`,
		":65536":            `port "65536" is not a number`,
		":-1":               `port "-1" is not a number`,
		":+1":               `port "+1" is not a number`,
		"web.example.com:1": `host "web.example.com" is neither an IP address nor localhost`,
		"*:9154":            `host "*" is neither`,
		"010.0.0.1:9154":    `host "010.0.0.1" is neither`,
	} {
		if got, err := ParseAddress(s); err == nil || !strings.Contains(err.Error(), words) || !strings.Contains(err.Error(), s) {
			t.Errorf("%s: got %s, %v, want %s", s, got, err, words)
		}
	}
}
