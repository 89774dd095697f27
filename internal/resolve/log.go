package resolve

import clog "github.com/coredns/coredns/plugin/pkg/log"

// log is the plugin's, as the root has it.
var log = clog.NewWithPlugin("k8s_gateway")
