package kube

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/wording"
)

// Summary returns what is listed, for the log: the API server, the kinds, and the numbers of objects and names.
func (c *Cluster) Summary() string {
	var kinds []string
	objects, names := int64(0), int64(0)
	for _, i := range c.Demanded() {
		objects += i.Objects.Load()
		if i.Listed.Load() && !slices.Contains(kinds, i.Title) { // there may be an informer for each namespace
			kinds = append(kinds, i.Title)
		}
	}
	if c.CountNames != nil {
		names = c.CountNames()
	}
	if len(kinds) == 0 {
		return c.host() + " has listed no kind"
	}
	return fmt.Sprintf("%s lists %s: %s, %s", c.host(), strings.Join(kinds, ", "), wording.Count(objects, "object"), wording.Count(names, "name"))
}

// host returns the URL of the API server, without a password.
func (c *Cluster) host() string {
	host := c.Conn.Load().Config.Host
	u, err := url.Parse(host)
	if err != nil {
		return wording.Quote(host)
	}
	return u.Redacted()
}
