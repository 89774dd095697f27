{{- /* What the stanzas of the Corefile watch in this cluster, as {"kinds": [...], "nameservers": ["service.namespace"]}.
     A stanza is k8s_gateway in the values' own shape, or a plugin of that name in a list of plugins. */ -}}
{{- define "k8s-gateway.watched" -}}
{{- $kinds := list -}}
{{- $nameservers := list -}}
{{- if and (include "k8s-gateway.domains" .) (not .Values.kubeconfigs) -}}
{{- $kinds = .Values.watchedResources | default (list "Ingress" "Service") -}}
{{- $nameservers = list (include "k8s-gateway.apex" .) (include "k8s-gateway.secondary" .) -}}
{{- end -}}
{{- $plugins := .Values.extraZonePlugins -}}
{{- range .Values.servers -}}{{- $plugins = concat $plugins .plugins -}}{{- end -}}
{{- range $plugins -}}
{{- $block := default "" .configBlock -}}
{{- if and (eq .name "k8s_gateway") (not (regexMatch "(?m)^\\s*kubeconfig\\s" $block)) -}}
{{- $resources := regexFind "(?m)^\\s*resources\\s.*$" $block | trim | trimPrefix "resources" | trim -}}
{{- $kinds = concat $kinds (regexSplit "\\s+" (default "Ingress Service" $resources) -1) -}}
{{- $nameservers = append $nameservers (regexFind "(?m)^\\s*apex\\s.*$" $block | trim | trimPrefix "apex" | trim | default "dns1.kube-system") -}}
{{- $nameservers = append $nameservers (regexFind "(?m)^\\s*secondary\\s.*$" $block | trim | trimPrefix "secondary" | trim) -}}
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
