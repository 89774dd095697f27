{{- /* What the schema cannot say: dict "root" $ and "report" $report. It collects all problems. Each message says what to use instead. */ -}}
{{- define "k8s-gateway.validate" -}}
{{- $v := .root.Values -}}
{{- $problems := list -}}
{{- $domains := include "k8s-gateway.domains" .root -}}
{{- $zones := splitList " " $domains | compact -}}
{{- $servers := list -}}{{- range $v.servers -}}{{- if kindIs "map" . -}}{{- $servers = append $servers . -}}{{- end -}}{{- end -}}

{{- range $zones -}}
{{- if hasPrefix "*." . -}}
{{- $problems = printf "domain: %s is not a zone: use %s, which has all names below it" . (trimPrefix "*." .) | append $problems -}}
{{- else if not (regexMatch "^([-._a-zA-Z0-9[:^ascii:]]+|[0-9a-fA-F.:]+/[0-9]+)$" .) -}}
{{- $problems = printf "domain: %s is not the name of a zone, such as example.com" . | append $problems -}}
{{- end -}}
{{- end -}}
{{- if regexMatch "(?m)^(domain|servers)\\b" (join "\n" .report.problems) -}}
{{- else if not (or $domains $servers) -}}
{{- $problems = append $problems "domain is needed: set it to the zone or zones to serve, such as example.com" -}}
{{- else if and (not $domains) (not (contains "\"name\":\"k8s_gateway\"" (toJson $servers))) -}}
{{- $problems = append $problems "no plugin k8s_gateway would serve a cluster: set domain, or add k8s_gateway to the plugins of servers" -}}
{{- end -}}

{{- range list (list "apex" (list $v.apex)) (list "secondary" $v.secondary) -}}
{{- $name := first . -}}
{{- range last . | compact -}}
{{- $words := regexSplit "\\s+" (trim .) -1 -}}
{{- if not (regexMatch "^[-._a-zA-Z0-9[:^ascii:]]+$" (first $words)) -}}
{{- $problems = printf "%s: %s is not the name of a nameserver, such as ns1" $name (first $words) | append $problems -}}
{{- end -}}
{{- range rest $words -}}
{{- if not (regexMatch "^([0-9]+([.][0-9]+){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)$" .) -}}
{{- $problems = printf "%s: %s is not an address: write IPv4 or IPv6 addresses after the name" $name . | append $problems -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and (not $v.service.enabled) $domains (not (contains " " (trim (default "" $v.apex)))) -}}
{{- $problems = append $problems "service.enabled: without a Service, apex needs a name and addresses, such as: apex: ns1 192.0.2.53" -}}
{{- end -}}
{{- if and $v.secondaryService.enabled (not $v.service.enabled) -}}
{{- $problems = append $problems "secondaryService.enabled: it needs service.enabled" -}}
{{- end -}}

{{- $kinds := list "Ingress" "Service" "HTTPRoute" "TLSRoute" "GRPCRoute" "TCPRoute" "UDPRoute" "Gateway" "DNSEndpoint" "Node" -}}
{{- range $v.watchedResources -}}
{{- if eq . "VirtualServer" -}}
{{- $problems = append $problems "watchedResources: VirtualServer is not supported any more: let NGINX write Ingresses, or use its ExternalDNS option to write DNSEndpoints" -}}
{{- else if not (has . $kinds) -}}
{{- $problems = printf "watchedResources: %s is not a kind%s: want some of %s" . (include "k8s-gateway.nearest" (dict "name" . "names" $kinds) | printf " (did you mean %s?)" | replace " (did you mean ?)" "") (join ", " $kinds) | append $problems -}}
{{- end -}}
{{- end -}}

{{- $filters := list "healthy" "subnet" "geo" "first" "weighted" -}}
{{- $seen := list -}}
{{- range $v.steer -}}
{{- $name := trimSuffix "!" . -}}
{{- if not (has $name $filters) -}}
{{- $problems = printf "steer: %s is not a filter%s: want some of %s" $name (include "k8s-gateway.nearest" (dict "name" $name "names" $filters) | printf " (did you mean %s?)" | replace " (did you mean ?)" "") (join ", " $filters) | append $problems -}}
{{- else if has $name $seen -}}
{{- $problems = printf "steer: %s is given more than once" $name | append $problems -}}
{{- end -}}
{{- $seen = append $seen $name -}}
{{- end -}}
{{- $names := list -}}{{- range $v.extraZonePlugins -}}{{- if kindIs "map" . -}}{{- $names = append $names .name -}}{{- end -}}{{- end -}}
{{- if and (has "geo" $seen) (not $v.geoip.volume) (not (has "geoip" $names)) -}}
{{- $problems = append $problems "steer: geo needs a database of locations: set geoip.volume, or add the plugins metadata and geoip to extraZonePlugins" -}}
{{- end -}}
{{- if and $v.geoip.volume (has "geoip" $names) -}}
{{- $problems = append $problems "geoip.volume: geoip is in extraZonePlugins already: use one of the two" -}}
{{- end -}}
{{- $contexts := dict -}}
{{- range $v.kubeconfigs -}}
{{- if kindIs "map" . -}}
{{- if .context -}}
{{- $other := get $contexts .context | default dict -}}
{{- if and $other (or .location $other.location) -}}
{{- $problems = printf "kubeconfigs: %s and %s both have the context %s, so a location cannot name one of them: rename one of the contexts" $other.secret .secret .context | append $problems -}}
{{- end -}}
{{- $_ := set $contexts .context . -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Plugins of all server blocks. */ -}}
{{- $plugins := list -}}
{{- range $i, $p := $v.extraZonePlugins -}}{{- $plugins = append $plugins (list (printf "extraZonePlugins[%d]" $i) $p) -}}{{- end -}}
{{- range $i, $server := $servers -}}{{- range $j, $p := $server.plugins -}}{{- $plugins = append $plugins (list (printf "servers[%d].plugins[%d]" $i $j) $p) -}}{{- end -}}{{- end -}}
{{- range $plugins -}}
{{- $path := first . -}}
{{- with last . -}}
{{- if kindIs "map" . -}}
{{- $name := default "" .name | toString -}}
{{- if has $name (list "kubernetes" "k8s_external") -}}
{{- $problems = printf "%s: this CoreDNS does not have the plugin %s, because k8s_gateway replaces it: remove it" $path $name | append $problems -}}
{{- end -}}
{{- $port := regexFind "[0-9]+$" (default "" .parameters | toString) -}}
{{- $key := get (dict "health" "health" "ready" "ready" "prometheus" "metrics") $name -}}
{{- if and $key $port -}}
{{- $served := get $v.ports $key | int | toString -}}
{{- if ne $port $served -}}
{{- $problems = printf "%s: the chart writes the plugin %s itself, on port %s and not on %s: set ports.%s, and remove %[2]s from the plugins" $path $name $served $port $key | append $problems -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* CoreDNS takes each zone and port once. */ -}}
{{- $taken := dict -}}
{{- if $domains -}}{{- $_ := set $taken (include "k8s-gateway.address" (dict "root" .root "scheme" $v.scheme "port" $v.service.port)) "domain" -}}{{- end -}}
{{- range $i, $server := $servers -}}
{{- range .zones | default (list dict) -}}
{{- if kindIs "map" . -}}
{{- $address := include "k8s-gateway.address" (dict "root" $.root "scheme" .scheme "zone" .zone "port" $server.port) -}}
{{- $by := get $taken $address -}}
{{- if eq $by "domain" -}}
{{- $problems = printf "servers[%d]: %s is already the server block of domain: move these plugins to extraZonePlugins, or remove domain and write the zone into the parameters of k8s_gateway" $i $address | append $problems -}}
{{- else if $by -}}
{{- $problems = printf "servers[%d]: %s is already in %s" $i $address $by | append $problems -}}
{{- end -}}
{{- $_ := set $taken $address (default (printf "servers[%d]" $i) $by) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- if contains " " $domains -}}
{{- range $v.zoneFiles -}}
{{- if kindIs "map" . -}}{{- if not (or .domains .domain) -}}
{{- $problems = printf "zoneFiles: %s: set domains to the zones of this file, because domain has several" .filename | append $problems -}}
{{- end -}}{{- end -}}
{{- end -}}
{{- end -}}

{{- $registry := default "" $v.image.registry -}}
{{- $repository := default "" $v.image.repository -}}
{{- if contains "codeberg.org" $registry -}}
{{- $problems = printf "image.registry: %s only has images of the earlier plugin, which cannot read this Corefile: remove image from the values" $registry | append $problems -}}
{{- else if or (contains "oriedge/" $repository) (contains "codeberg.org/" $repository) -}}
{{- $problems = printf "image.repository: %s has images of the earlier plugin, which cannot read this Corefile: remove image from the values" $repository | append $problems -}}
{{- else if and $registry (regexMatch "^[^/]*[.:]" $repository) -}}
{{- $problems = printf "image.repository: %s begins with a registry: move the registry to image.registry" $repository | append $problems -}}
{{- end -}}
{{- if and $v.image.tag (not $v.image.digest) (regexMatch "^v?[01]([-.@_+]|$)" (toString $v.image.tag)) -}}
{{- $problems = printf "image.tag: %s is an image of the earlier plugin, which cannot read this Corefile: remove the tag, or use 2.0.0 or newer" $v.image.tag | append $problems -}}
{{- end -}}

{{- if ge (int $v.lameduckSeconds) (int $v.terminationGracePeriodSeconds) -}}
{{- $problems = append $problems "terminationGracePeriodSeconds must be more than lameduckSeconds; otherwise pods are killed while they still answer" -}}
{{- end -}}
{{- if and $v.hpa.enabled (eq (toString $v.kind) "DaemonSet") -}}{{- $problems = append $problems "hpa.enabled: hpa works only with kind: Deployment, because a DaemonSet always has one pod on each node" -}}{{- end -}}

{{- $_ := concat .report.problems $problems | set .report "problems" -}}
{{- include "k8s-gateway.live" . -}}
{{- end -}}

{{- /* The address of a server block, as CoreDNS prints it: dict "root", "scheme", "zone", "port". */ -}}
{{- define "k8s-gateway.address" -}}
{{- printf "%s%s:%s" (default "dns://" .scheme) (default "." .zone | trimSuffix "." | default "." | lower) (include "k8s-gateway.listen" (dict "root" .root "port" (default 53 .port))) -}}
{{- end -}}
