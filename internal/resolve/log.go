package resolve

import clog "github.com/coredns/coredns/plugin/pkg/log"

// log is the logger of the plugin, with the same prefix as in the root package.
var log = clog.NewWithPlugin("k8s_gateway")
