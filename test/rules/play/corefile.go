package play

import (
	"strings"
)

// corefile makes what CoreDNS can be started with on this machine of a Corefile in a scenario: every server block listens
// on loopback and ends in the plugin that stands for the next one, and every stanza finds its clusters. The block for
// the root zone also has the plugin that answers for the rest of the DNS; without such a block, one is added.
func corefile(text string, outside bool, kubeconfig func(cluster string) string) string {
	var out strings.Builder
	depth, root := 0, false
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		fields := strings.Fields(line)
		opens := len(fields) > 0 && fields[len(fields)-1] == "{"
		switch {
		case depth == 0 && opens:
			out.WriteString(line + "\n    bind 127.0.0.1\n    errors\n    " + nextPlugin + "\n")
			if outside && fields[0] == "." {
				root = true
				out.WriteString("    " + outsidePlugin + "\n")
			}
		case depth == 1 && len(fields) > 0 && fields[0] == "k8s_gateway" && opens:
			out.WriteString(line + "\n")
			if !namesClusters(lines[i+1:]) {
				out.WriteString("        kubeconfig " + kubeconfig("") + "\n")
			}
		case depth == 1 && len(fields) > 0 && fields[0] == "k8s_gateway":
			out.WriteString(line + " {\n        kubeconfig " + kubeconfig("") + "\n    }\n")
		case depth == 2 && len(fields) == 2 && fields[0] == "kubeconfig":
			out.WriteString("        kubeconfig " + kubeconfig(fields[1]) + "\n")
		case depth == 2 && len(fields) == 3 && fields[0] == "location" && namesCluster(text, fields[1]):
			out.WriteString("        location " + kubeconfig(fields[1]) + " " + fields[2] + "\n")
		default:
			out.WriteString(line + "\n")
		}
		if opens {
			depth++
		} else if len(fields) == 1 && fields[0] == "}" {
			depth--
		}
	}
	if outside && !root {
		out.WriteString(". {\n    bind 127.0.0.1\n    errors\n    " + outsidePlugin + "\n}\n")
	}
	return out.String()
}

// namesCluster reports whether a Corefile has a stanza that reads a cluster.
func namesCluster(text, cluster string) bool {
	for line := range strings.Lines(text) {
		if fields := strings.Fields(line); len(fields) == 2 && fields[0] == "kubeconfig" && fields[1] == cluster {
			return true
		}
	}
	return false
}

// namesClusters reports whether a stanza, of which these are the lines after its first, says which clusters it reads.
func namesClusters(lines []string) bool {
	for _, line := range lines {
		switch fields := strings.Fields(line); {
		case len(fields) > 0 && fields[0] == "kubeconfig":
			return true
		case len(fields) == 1 && fields[0] == "}":
			return false
		}
	}
	return false
}
