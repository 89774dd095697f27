{{- /* The stanzas of the Corefile, as {"stanzas": [{zones, kinds, steer, nameservers, remote, port, scheme}]}. A stanza is
     k8s_gateway in the values' own shape, or a plugin of that name in a list of plugins. */ -}}
{{- define "k8s-gateway.stanzas" -}}
{{- $stanzas := list -}}
{{- $blocks := .Values.servers -}}
{{- with include "k8s-gateway.domains" . -}}
{{- $kinds := $.Values.watchedResources | default (list "Ingress" "Service") -}}
{{- $stanzas = append $stanzas (dict "zones" (splitList " " .) "kinds" $kinds "steer" $.Values.steer "nameservers" (include "k8s-gateway.secondaries" $ | fromJsonArray | concat (list (include "k8s-gateway.apex" $))) "remote" (not (empty $.Values.kubeconfigs)) "port" $.Values.service.port "scheme" (trimPrefix "dns://" $.Values.scheme)) -}}
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
{{- $steer := regexFind "(?m)^\\s*steer\\s.*$" $block | trim | trimPrefix "steer" | trim -}}
{{- $steer = regexSplit "\\s+" $steer -1 | compact -}}
{{- if regexMatch "(?m)^\\s*clientFiltering(\\s+true)?\\s*$" $block }}{{ $steer = list "subnet" }}{{ end -}}
{{- $apex := regexFind "(?m)^\\s*apex\\s.*$" $block | trim | trimPrefix "apex" | trim | default "dns1.kube-system" -}}
{{- $nameservers := list $apex -}}
{{- range regexFindAll "(?m)^\\s*secondary\\s.*$" $block -1 -}}{{- $nameservers = trim . | trimPrefix "secondary" | trim | append $nameservers -}}{{- end -}}
{{- $remote := regexMatch "(?m)^\\s*kubeconfig\\s" $block -}}
{{- $stanzas = append $stanzas (dict "zones" ($own | default $zones | default (list ".")) "kinds" $kinds "steer" $steer "nameservers" $nameservers "remote" $remote "port" $port "scheme" $scheme) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- dict "stanzas" $stanzas | toJson -}}
{{- end -}}

{{- /* What the stanzas watch in this cluster, as {"kinds": [...], "backends": bool, "nameservers": ["service.namespace"]}.
     "backends" says that the readiness of the Services behind Ingresses or routes counts. */ -}}
{{- define "k8s-gateway.watched" -}}
{{- $kinds := list -}}
{{- $services := list -}}
{{- $backends := false -}}
{{- range $stanza := (include "k8s-gateway.stanzas" . | fromJson).stanzas -}}
{{- if not .remote -}}
{{- $kinds = concat $kinds .kinds -}}
{{- if or (has "healthy" .steer) (has "healthy!" .steer) -}}
{{- range list "Ingress" "HTTPRoute" "TLSRoute" "GRPCRoute" "TCPRoute" "UDPRoute" }}{{ if has . $stanza.kinds }}{{ $backends = true }}{{ end }}{{ end -}}
{{- end -}}
{{- range .nameservers -}}
{{- if and (regexMatch "^[^.\\s]+[.][^.\\s]+$" .) (not (include "k8s-gateway.absolute" (dict "name" . "zones" $stanza.zones))) -}}
{{- $services = append $services . -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- dict "kinds" (uniq $kinds) "backends" $backends "nameservers" (uniq $services) | toJson -}}
{{- end -}}

{{- /* Not empty if the name of a nameserver is taken as it stands: it ends in a dot, or lies in one of the zones but the root. */ -}}
{{- define "k8s-gateway.absolute" -}}
{{- $name := lower .name -}}
{{- if hasSuffix "." $name -}}true{{- end -}}
{{- range .zones -}}
{{- $zone := lower . | trimSuffix "." -}}
{{- if and $zone (or (eq $name $zone) (hasSuffix (printf ".%s" $zone) $name)) -}}true{{- end -}}
{{- end -}}
{{- end -}}

{{- /* The whole name of a nameserver: dict "nameserver" as it was written, "zone", and "zones", those of its stanza. */ -}}
{{- define "k8s-gateway.nameserver" -}}
{{- $name := splitList " " .nameserver | first -}}
{{- if include "k8s-gateway.absolute" (dict "name" $name "zones" .zones) -}}
{{- trimSuffix "." $name -}}.
{{- else -}}
{{- printf "%s.%s" $name (trimSuffix "." .zone) | trimSuffix "." -}}.
{{- end -}}
{{- end -}}

{{- /* Rules for the kinds that are in a namespace: dict "kinds", "backends", and "selectors" if the labels of Namespaces may be read. */ -}}
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
{{- if or (has "Service" .kinds) .backends }}
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
