{{- define "k8s-gateway.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "k8s-gateway.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* The second Service's name, which stays a label when the first is as long as one may be. */ -}}
{{- define "k8s-gateway.secondaryName" -}}
{{- printf "%s-2" (include "k8s-gateway.fullname" . | trunc 61 | trimSuffix "-") -}}
{{- end -}}

{{- define "k8s-gateway.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "k8s-gateway.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- /* Cluster-wide names bear the namespace, so that releases of one name in two namespaces do not meet. */ -}}
{{- define "k8s-gateway.clusterName" -}}
{{- printf "%s-%s" .Release.Namespace (include "k8s-gateway.fullname" .) -}}
{{- end -}}

{{- define "k8s-gateway.selectorLabels" -}}
app.kubernetes.io/name: {{ include "k8s-gateway.name" . }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "k8s-gateway.labels" -}}
{{ include "k8s-gateway.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.customLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* Labels and annotations of an object: dict "root" $ and, if it has its own, "labels" and "annotations". */ -}}
{{- define "k8s-gateway.metadata" -}}
labels:
  {{- mergeOverwrite (fromYaml (include "k8s-gateway.labels" .root)) (default dict .labels) | toYaml | nindent 2 }}
{{- with mergeOverwrite dict .root.Values.customAnnotations (default dict .annotations) }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "k8s-gateway.image" -}}
{{- with .Values.image -}}
{{- if .registry }}{{ .registry }}/{{ end }}{{ .repository }}
{{- if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end -}}
{{- end -}}
{{- end -}}

{{- /* The zones, separated by spaces. */ -}}
{{- define "k8s-gateway.domains" -}}
{{- $domain := .Values.domain -}}
{{- if kindIs "slice" $domain -}}{{- $domain = join " " $domain -}}{{- end -}}
{{- regexReplaceAll "[\\s,]+" (trim $domain) " " -}}
{{- end -}}

{{- define "k8s-gateway.apex" -}}
{{- .Values.apex | default (printf "%s.%s" (include "k8s-gateway.fullname" .) .Release.Namespace) -}}
{{- end -}}

{{- /* The other nameservers, as a list. */ -}}
{{- define "k8s-gateway.secondaries" -}}
{{- $names := .Values.secondary | default list -}}
{{- if .Values.secondaryService.enabled -}}
{{- $names = printf "%s.%s" (include "k8s-gateway.secondaryName" .) .Release.Namespace | append $names -}}
{{- end -}}
{{- toJson $names -}}
{{- end -}}

{{- /* The port in the pod for one of the Service. Below 1024 it is 1000 more, for which nobody has to be root; on the
     node's own network the clients see it as it is. */ -}}
{{- define "k8s-gateway.listen" -}}
{{- $port := int .port -}}
{{- if and (lt $port 1024) (not .root.Values.hostNetwork) -}}{{- add $port 1000 -}}{{- else -}}{{- $port -}}{{- end -}}
{{- end -}}

{{- /* The ports of all server blocks, as {"ports": [{name, port, listen, protocol, nodePort, exposed}]}, each once. CoreDNS
     listens on TCP whatever service.useTcp says, which is about the Service. */ -}}
{{- define "k8s-gateway.ports" -}}
{{- $ports := list -}}
{{- $seen := dict -}}
{{- $blocks := list -}}
{{- if include "k8s-gateway.domains" . -}}
{{- $blocks = append $blocks (dict "port" .Values.service.port "nodePort" .Values.service.nodePort "zones" (list (dict "scheme" .Values.scheme))) -}}
{{- end -}}
{{- range $block := concat $blocks .Values.servers -}}
{{- $protocols := list -}}
{{- range .zones | default (list dict) -}}
{{- if has .scheme (list "tls://" "grpc://" "https://") -}}
{{- $protocols = append $protocols "TCP" -}}
{{- else if has .scheme (list "quic://" "https3://") -}}
{{- $protocols = append $protocols "UDP" -}}
{{- else -}}
{{- $protocols = concat $protocols (list "UDP" "plain TCP") -}}
{{- end -}}
{{- end -}}
{{- $port := default 53 .port | int -}}
{{- $listen := include "k8s-gateway.listen" (dict "root" $ "port" $port) | int -}}
{{- $exposed := or $.Values.service.useTcp (has "TCP" $protocols) -}}
{{- range $protocol := list "UDP" "TCP" -}}
{{- $key := printf "%s-%d" (lower $protocol) $listen -}}
{{- if and (or (has $protocol $protocols) (has (print "plain " $protocol) $protocols)) (not (hasKey $seen $key)) -}}
{{- $_ := set $seen $key true -}}
{{- $ports = append $ports (dict "name" (printf "%s-%d" (lower $protocol) $port) "port" (default $port $block.servicePort | int) "listen" $listen "protocol" $protocol "nodePort" $block.nodePort "exposed" (or (eq $protocol "UDP") $exposed)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- dict "ports" $ports | toJson -}}
{{- end -}}

{{- /* The ports of a Service, as a list: dict "root" and, for those that are given, "nodePorts". The pods are asked at a number:
     by the names of container ports a Service finds nothing while pods of an earlier chart answer. */ -}}
{{- define "k8s-gateway.servicePorts" -}}
{{- $ports := list -}}
{{- range (include "k8s-gateway.ports" .root | fromJson).ports -}}
{{- if .exposed -}}
{{- $port := dict "name" .name "port" (int .port) "targetPort" (int .listen) "protocol" .protocol -}}
{{- if and .nodePort $.nodePorts -}}{{- $_ := int .nodePort | set $port "nodePort" -}}{{- end -}}
{{- $ports = append $ports $port -}}
{{- end -}}
{{- end -}}
{{- toJson $ports -}}
{{- end -}}

{{- /* One plugin of a server block. */ -}}
{{- define "k8s-gateway.plugin" -}}
{{ .name }}{{ with .parameters }} {{ . }}{{ end }}{{ with .configBlock }} {
{{ trim . | indent 4 }}
}{{ end }}
{{- end -}}

{{- /* What every server block has, whatever its plugins are. */ -}}
{{- define "k8s-gateway.observed" -}}
ready :{{ .Values.ports.ready }}
prometheus :{{ .Values.ports.metrics }}
{{- end -}}

{{- define "k8s-gateway.health" -}}
health :{{ .Values.ports.health }} {
    lameduck {{ .Values.lameduckSeconds }}s
}
{{- end -}}

{{- /* On the node's own network, other servers may have the port on loopback. */ -}}
{{- define "k8s-gateway.bind" -}}
{{- $bound := false -}}
{{- range .plugins }}{{ if eq .name "bind" }}{{ $bound = true }}{{ end }}{{ end -}}
{{- if and .root.Values.hostNetwork (not $bound) -}}
bind {$HOST_IP}
{{ end -}}
{{- end -}}

{{- /* Where the pod has one of kubeconfigs. */ -}}
{{- define "k8s-gateway.kubeconfig" -}}
/etc/kubeconfig/{{ .secret }}/{{ default "kubeconfig" .key }}
{{- end -}}

{{- /* The plugins that the filter geo gets the client's location from, unless they are among those of the server block. */ -}}
{{- define "k8s-gateway.geoip" -}}
{{- if .Values.geoip.volume -}}
{{- $given := list -}}
{{- range .Values.extraZonePlugins }}{{ $given = append $given .name }}{{ end -}}
{{- if not (has "metadata" $given) }}
metadata
{{- end }}
geoip /etc/geoip/{{ .Values.geoip.file }}{{ if .Values.geoip.ednsSubnet }} {
    edns-subnet
}{{ end }}
{{- end -}}
{{- end -}}

{{- define "k8s-gateway.stanza" -}}
k8s_gateway {{ include "k8s-gateway.domains" . }} {
{{- with .Values.watchedResources }}
    resources {{ join " " . }}
{{- end }}
    apex {{ include "k8s-gateway.apex" . }}
{{- range include "k8s-gateway.secondaries" . | fromJsonArray }}
    secondary {{ . }}
{{- end }}
    ttl {{ int .Values.ttl }} {{ int .Values.negativeTTL }}
{{- range .Values.kubeconfigs }}
    kubeconfig {{ include "k8s-gateway.kubeconfig" . }}{{ with .context }} {{ . | quote }}{{ end }}
{{- end }}
{{- with .Values.namespaces }}
    namespaces {{ join " " . }}
{{- end }}
{{- with .Values.filters }}
{{- with .labelSelector }}
    labelSelector {{ . | quote }}
{{- end }}
{{- with .ingressClasses }}
    ingressClasses {{ join " " . }}
{{- end }}
{{- with .gatewayClasses }}
    gatewayClasses {{ join " " . }}
{{- end }}
{{- with .gateways }}
    gateways {{ join " " . }}
{{- end }}
{{- with .serviceLabelSelectors }}
    serviceLabelSelectors{{ range . }} {{ . | quote }}{{ end }}
{{- end }}
{{- end }}
{{- with .Values.externalDNSAnnotations }}
    externalDNSAnnotations {{ join " " . }}
{{- end }}
{{- with .Values.nodeAddressType }}
    nodeAddressType {{ . }}
{{- end }}
{{- with .Values.loadBalancerAddressPreference }}
    loadBalancerAddressPreference {{ . }}
{{- end }}
{{- with .Values.exclude }}
    exclude {{ join " " . }}
{{- end }}
{{- with .Values.steer }}
    steer {{ join " " . }}
{{- end }}
{{- range $name, $networks := .Values.networks }}
    network {{ $name }} {{ join " " $networks }}
{{- end }}
{{- range .Values.kubeconfigs }}
{{- if .location }}
    location {{ with .context }}{{ quote . }}{{ else }}{{ include "k8s-gateway.kubeconfig" . }}{{ end }} {{ regexReplaceAll "\\s" .location "" }}
{{- end }}
{{- end }}
{{- with .Values.startupTimeout }}
    startupTimeout {{ . }}
{{- end }}
{{- if .Values.statusPage }}
    status :8053
{{- end }}
{{- if .Values.explain }}
    explain
{{- end }}
{{- if .Values.fallthrough.enabled }}
    fallthrough{{ range .Values.fallthrough.zones }} {{ . }}{{ end }}
{{- end }}
}
{{- end -}}

{{- /* One line of template for each zone: what is below _acme-challenge is in another zone. */ -}}
{{- define "k8s-gateway.challenge" -}}
template IN ANY {{ .domain }} {
    match "^_acme-challenge[.]((?:.+[.])?){{ .domain | trimSuffix "." | replace "." "[.]" }}[.]$"
    answer {{ printf "{{ .Name }} 5 IN CNAME {{ index .Match 1 }}%s." (trimSuffix "." .to) | quote }}
    fallthrough
}
{{- end -}}

{{- define "k8s-gateway.zoneFile" -}}
file /etc/coredns/{{ .file.filename }} {{ .file.domains | default .file.domain | default .domains }}
{{- if or .file.reload (dig "fallthrough" "enabled" false .file) }} {
{{- with .file.reload }}
    reload {{ . }}
{{- end }}
{{- if dig "fallthrough" "enabled" false .file }}
    fallthrough{{ range .file.fallthrough.zones }} {{ . }}{{ end }}
{{- end }}
}
{{- end }}
{{- end -}}

{{- define "k8s-gateway.corefile" -}}
{{- $domains := include "k8s-gateway.domains" . -}}
{{- $served := list "health" "ready" "prometheus" -}}
{{- if $domains -}}
{{ .Values.scheme }}.:{{ include "k8s-gateway.listen" (dict "root" . "port" .Values.service.port) }} {
    {{- include "k8s-gateway.bind" (dict "root" . "plugins" .Values.extraZonePlugins) | trim | nindent 4 }}
    {{- include "k8s-gateway.health" . | nindent 4 }}
    {{- include "k8s-gateway.observed" . | nindent 4 }}
    {{- if .Values.debug.enabled }}
    debug
    {{- end }}
    {{- if .Values.dnsChallenge.enabled }}
    {{- range splitList " " $domains }}
    {{- include "k8s-gateway.challenge" (dict "domain" . "to" $.Values.dnsChallenge.domain) | nindent 4 }}
    {{- end }}
    {{- end }}
    {{- with include "k8s-gateway.geoip" . | trim }}
    {{- nindent 4 . }}
    {{- end }}
    {{- include "k8s-gateway.stanza" . | nindent 4 }}
    {{- range .Values.zoneFiles }}
    {{- include "k8s-gateway.zoneFile" (dict "file" . "domains" $domains) | nindent 4 }}
    {{- end }}
    {{- range .Values.extraZonePlugins }}
    {{- if not (has .name $served) }}
    {{- include "k8s-gateway.plugin" . | nindent 4 }}
    {{- end }}
    {{- end }}
}
{{- end }}
{{- range $i, $server := .Values.servers }}
{{ range default (list dict) .zones }}{{ default "" .scheme }}{{ default "." .zone }}:{{ include "k8s-gateway.listen" (dict "root" $ "port" (default 53 $server.port)) }} {{ end }}{
    {{- include "k8s-gateway.bind" (dict "root" $ "plugins" .plugins) | trim | nindent 4 }}
    {{- if and (not $domains) (eq $i 0) }}
    {{- include "k8s-gateway.health" $ | nindent 4 }}
    {{- end }}
    {{- include "k8s-gateway.observed" $ | nindent 4 }}
    {{- range .plugins }}
    {{- if not (has .name $served) }}
    {{- include "k8s-gateway.plugin" . | nindent 4 }}
    {{- end }}
    {{- end }}
}
{{- end }}
{{- end -}}

{{- /* The Secrets with kubeconfigs, each once, as JSON. */ -}}
{{- define "k8s-gateway.secrets" -}}
{{- $secrets := list -}}
{{- range .Values.kubeconfigs -}}{{- $secrets = append $secrets .secret -}}{{- end -}}
{{- uniq $secrets | toJson -}}
{{- end -}}
