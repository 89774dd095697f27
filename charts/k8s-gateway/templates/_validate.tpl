{{- /* What the values' schema cannot say, and values of earlier charts: each with what to use. */ -}}
{{- define "k8s-gateway.validate" -}}
{{- $v := .Values -}}
{{- $preference := "loadBalancerAddressPreference is gone: take it out, an address goes before a hostname" -}}
{{- $filtering := "clientFiltering is gone, and nothing takes its place: take it out, everybody gets the same answers" -}}
{{- $gone := dict
  "loadBalancerAddressPreference" $preference
  "clientFiltering" $filtering
  "clientFilteringMode" $filtering
  "gatewayClass" "gatewayClass is gone: use filters.gatewayClasses, which is a list"
  "zoneFile" "zoneFile is a list now: zoneFiles: [{filename: …, contents: …}]"
  "scheme" "scheme is gone: use servers, with zones: [{zone: ., scheme: tls://}] and port: 853"
  "deployment" "deployment is gone: use dnsPolicy, dnsConfig, podAnnotations and fullnameOverride; the Deployment's selector is fixed"
  "serviceType" "serviceType is gone: use service.type"
  "extraConfig" "extraConfig is gone: put the plugins into extraZonePlugins or servers"
  "extraSecrets" "extraSecrets is gone: use extraVolumes and extraVolumeMounts"
  "clusterRole" "clusterRole is gone: its name follows the release's; use rbac.create: false to bring your own"
  "k8sAppLabelOverride" "k8sAppLabelOverride is gone: use podLabels"
  "isClusterService" "isClusterService is gone: this chart is not for a cluster's own DNS; use podLabels and priorityClassName"
  "prometheus" "prometheus is gone: use serviceMonitor and prometheusRule; metrics are always served"
  "automountServiceAccountToken" "automountServiceAccountToken is gone: the token is mounted unless kubeconfigs are given"
-}}
{{- range $name, $why := $gone -}}
{{- if get $v $name -}}{{- fail $why -}}{{- end -}}
{{- end -}}
{{- if eq (toString (get $v "secure")) "false" -}}{{- fail "secure: false is gone: set what you need in securityContext and podSecurityContext" -}}{{- end -}}
{{- if get $v.image "pullSecrets" -}}{{- fail "image.pullSecrets is gone: use imagePullSecrets" -}}{{- end -}}
{{- range $name := list "name" "selector" -}}
{{- if get $v.service $name -}}{{- fail (printf "service.%s is gone: names follow fullnameOverride, and the Service selects the pods of the release" $name) -}}{{- end -}}
{{- end -}}
{{- if $v.service.clusterIPs -}}{{- fail "service.clusterIPs is gone: use service.clusterIP, service.ipFamilyPolicy and service.ipFamilies" -}}{{- end -}}
{{- $plugins := $v.extraZonePlugins -}}
{{- range $v.servers -}}
{{- if .hostPort -}}{{- fail "servers: hostPort is gone: use hostNetwork, with which all server blocks have their ports on the node" -}}{{- end -}}
{{- if .loadBalancerAddressPreference -}}{{- fail (printf "servers: %s" $preference) -}}{{- end -}}
{{- if or .clientFiltering .clientFilteringMode -}}{{- fail (printf "servers: %s" $filtering) -}}{{- end -}}
{{- $plugins = concat $plugins .plugins -}}
{{- end -}}
{{- range $plugins -}}
{{- $block := default "" .configBlock -}}
{{- if has .name (list "kubernetes" "k8s_external") -}}{{- fail (printf "%s: this CoreDNS does without it: k8s_gateway has its place" .name) -}}{{- end -}}
{{- if eq .name "k8s_gateway" -}}
{{- if regexMatch "(?m)^\\s*loadBalancerAddressPreference\\b" $block -}}{{- fail (printf "k8s_gateway: %s" $preference) -}}{{- end -}}
{{- if regexMatch "(?m)^\\s*clientFiltering" $block -}}{{- fail (printf "k8s_gateway: %s" $filtering) -}}{{- end -}}
{{- end -}}
{{- $port := regexFind "[0-9]+$" (default "" .parameters | toString) -}}
{{- $key := get (dict "health" "health" "ready" "ready" "prometheus" "metrics") .name -}}
{{- if and $key $port -}}
{{- $served := get $v.ports $key | int | toString -}}
{{- if ne $port $served -}}
{{- fail (printf "%s: it is on port %s, not on %s: set ports.%s, and leave %[1]s out of the plugins" .name $served $port $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $repository := printf "%s/%s" $v.image.registry $v.image.repository -}}
{{- if or (contains "oriedge/" $repository) (contains "codeberg.org/" $repository) -}}
{{- fail (printf "image.repository: %s has an earlier plugin, which does not know this Corefile: leave image out" $v.image.repository) -}}
{{- end -}}
{{- if and $v.image.registry (regexMatch "^[^/]*[.:]" $v.image.repository) -}}
{{- fail (printf "image.repository: %s begins with a registry: put that into image.registry" $v.image.repository) -}}
{{- end -}}
{{- if and $v.image.tag (not $v.image.digest) (regexMatch "^v?[01]([-.@_+]|$)" $v.image.tag) -}}
{{- fail (printf "image.tag: %s has an earlier plugin, which does not know this Corefile: leave it out, or use 2.0.0 or newer" $v.image.tag) -}}
{{- end -}}
{{- $kinds := list "Ingress" "Service" "HTTPRoute" "TLSRoute" "GRPCRoute" "TCPRoute" "UDPRoute" "Gateway" "DNSEndpoint" "Node" -}}
{{- range $v.watchedResources -}}
{{- if eq . "VirtualServer" -}}{{- fail "watchedResources: VirtualServer is not supported any more: have NGINX write Ingresses, or DNSEndpoints with its ExternalDNS option" -}}{{- end -}}
{{- if eq . "DNSEndpoints" -}}{{- fail "watchedResources: DNSEndpoints is spelled DNSEndpoint" -}}{{- end -}}
{{- if not (has . $kinds) -}}{{- fail (printf "watchedResources: %s is not a kind: want some of %s" . (join ", " $kinds)) -}}{{- end -}}
{{- end -}}
{{- if not (or (include "k8s-gateway.domains" .) $v.servers) -}}{{- fail "domain is needed: the zone, or zones, to serve, such as example.com" -}}{{- end -}}
{{- if and (not (include "k8s-gateway.domains" .)) (not (contains "\"name\":\"k8s_gateway\"" (toJson $v.servers))) -}}
{{- fail "nothing serves a cluster: give domain, or a k8s_gateway among the plugins of servers" -}}
{{- end -}}
{{- range $name := list "apex" "secondary" -}}
{{- $label := get $v $name | splitList " " | first -}}
{{- if hasSuffix "." $label -}}{{- fail (printf "%s: %s is relative to the zone, and has no dot at its end" $name $label) -}}{{- end -}}
{{- end -}}
{{- if contains " " (include "k8s-gateway.domains" .) -}}
{{- range $v.zoneFiles -}}
{{- if not (or .domains .domain) -}}{{- fail (printf "zoneFiles: %s: say with domains which of the zones it is for" .filename) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- if and (not $v.service.enabled) (include "k8s-gateway.domains" .) (not (contains " " $v.apex)) -}}
{{- fail "without a Service, apex needs a name and addresses, such as: apex: ns1 192.0.2.53" -}}
{{- end -}}
{{- if and $v.secondary $v.secondaryService.enabled -}}{{- fail "secondary and secondaryService are two names for one nameserver: give one of them" -}}{{- end -}}
{{- if and $v.secondaryService.enabled (not $v.service.enabled) -}}{{- fail "secondaryService needs service.enabled" -}}{{- end -}}
{{- if ge (int $v.lameduckSeconds) (int $v.terminationGracePeriodSeconds) -}}
{{- fail "terminationGracePeriodSeconds must be more than lameduckSeconds, or pods are killed while they answer" -}}
{{- end -}}
{{- if and $v.hpa.enabled (eq $v.kind "DaemonSet") -}}{{- fail "hpa is for a Deployment: a DaemonSet has one pod on each node" -}}{{- end -}}
{{- end -}}
