{{- /* The stanzas of the Corefile, as {"stanzas": [{zones, kinds, apex, secondary, remote, port, scheme}]}. A stanza is
     k8s_gateway in the values' own shape, or a plugin of that name in a list of plugins. */ -}}
{{- define "k8s-gateway.stanzas" -}}
{{- $stanzas := list -}}
{{- $blocks := .Values.servers -}}
{{- with include "k8s-gateway.domains" . -}}
{{- $kinds := $.Values.watchedResources | default (list "Ingress" "Service") -}}
{{- $stanzas = append $stanzas (dict "zones" (splitList " " .) "kinds" $kinds "apex" (include "k8s-gateway.apex" $) "secondary" (include "k8s-gateway.secondary" $) "remote" (not (empty $.Values.kubeconfigs)) "port" $.Values.service.port "scheme" "") -}}
{{- $blocks = prepend $blocks (dict "plugins" $.Values.extraZonePlugins "port" $.Values.service.port) -}}
{{- end -}}
{{- range $blocks -}}
{{- $zones := list -}}
{{- $scheme := "" -}}
{{- range .zones -}}{{- $zones = append $zones (default "." .zone) -}}{{- $scheme = default "" .scheme | trimPrefix "dns://" -}}{{- end -}}
{{- $port := default (default 53 .port) .servicePort -}}
{{- range .plugins -}}
{{- if eq .name "k8s_gateway" -}}
{{- $block := default "" .configBlock -}}
{{- $own := regexSplit "\\s+" (default "" .parameters | toString | trim) -1 | compact -}}
{{- $resources := regexFind "(?m)^\\s*resources\\s.*$" $block | trim | trimPrefix "resources" | trim -}}
{{- $kinds := regexSplit "\\s+" (default "Ingress Service" $resources) -1 -}}
{{- $apex := regexFind "(?m)^\\s*apex\\s.*$" $block | trim | trimPrefix "apex" | trim | default "dns1.kube-system" -}}
{{- $secondary := regexFind "(?m)^\\s*secondary\\s.*$" $block | trim | trimPrefix "secondary" | trim -}}
{{- $remote := regexMatch "(?m)^\\s*kubeconfig\\s" $block -}}
{{- $stanzas = append $stanzas (dict "zones" ($own | default $zones | default (list ".")) "kinds" $kinds "apex" $apex "secondary" $secondary "remote" $remote "port" $port "scheme" $scheme) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- dict "stanzas" $stanzas | toJson -}}
{{- end -}}

{{- /* What the stanzas watch in this cluster, as {"kinds": [...], "nameservers": ["service.namespace"]}. */ -}}
{{- define "k8s-gateway.watched" -}}
{{- $kinds := list -}}
{{- $nameservers := list -}}
{{- range (include "k8s-gateway.stanzas" . | fromJson).stanzas -}}
{{- if not .remote -}}
{{- $kinds = concat $kinds .kinds -}}
{{- $nameservers = append (append $nameservers .apex) .secondary -}}
{{- end -}}
{{- end -}}
{{- $services := list -}}
{{- range $nameservers -}}
{{- if regexMatch "^[^.\\s]+[.][^.\\s]+$" . -}}{{- $services = append $services . -}}{{- end -}}
{{- end -}}
{{- dict "kinds" (uniq $kinds) "nameservers" (uniq $services) | toJson -}}
{{- end -}}

{{- /* Rules for the kinds that are in a namespace: dict "kinds", and "selectors" if the labels of Namespaces may be read. */ -}}
{{- define "k8s-gateway.rules" -}}
{{- $gateway := list -}}
{{- $routes := false -}}
{{- range $kind := list "HTTPRoute" "TLSRoute" "GRPCRoute" "TCPRoute" "UDPRoute" -}}
{{- if has $kind $.kinds -}}{{- $gateway = append $gateway (printf "%ss" (lower $kind)) -}}{{- $routes = true -}}{{- end -}}
{{- end -}}
{{- if or $routes (has "Gateway" .kinds) -}}{{- $gateway = append $gateway "gateways" -}}{{- end -}}
{{- if $routes -}}{{- $gateway = append $gateway "listenersets" -}}{{- end -}}
{{- if has "Ingress" .kinds }}
- apiGroups: [networking.k8s.io]
  resources: [ingresses]
  verbs: [list, watch]
{{- end }}
{{- if has "Service" .kinds }}
- apiGroups: [""]
  resources: [services]
  verbs: [list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch]
{{- end }}
{{- with $gateway }}
- apiGroups: [gateway.networking.k8s.io]
  resources: [{{ join ", " . }}]
  verbs: [list, watch]
{{- end }}
{{- if and $routes .selectors }}
- apiGroups: [""]
  resources: [namespaces]
  verbs: [list, watch]
{{- end }}
{{- if has "DNSEndpoint" .kinds }}
- apiGroups: [externaldns.k8s.io]
  resources: [dnsendpoints]
  verbs: [list, watch]
{{- end }}
{{- end -}}

{{- define "k8s-gateway.nodeRule" -}}
{{- if has "Node" .kinds }}
- apiGroups: [""]
  resources: [nodes]
  verbs: [list, watch]
{{- end }}
{{- end -}}

{{- define "k8s-gateway.subjects" -}}
- kind: ServiceAccount
  name: {{ include "k8s-gateway.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
{{- end -}}
