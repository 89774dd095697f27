{{- /* Brings the values into the shape that the templates read, and stops if there is something wrong with them. Helm gives
     all templates the same values, so the first template prepares them for all. */ -}}
{{- define "k8s-gateway.prepare" -}}
{{- if not (hasKey . "prepared") -}}
{{- $_ := set . "prepared" true -}}
{{- $schema := .Files.Get "files/schema.json" | fromJson -}}
{{- $report := dict "problems" list "schema" $schema "earlier" (.Files.Get "files/earlier.yaml" | fromYaml) -}}
{{- include "k8s-gateway.check" (dict "report" $report "schema" $schema "value" .Values "path" "" "place" "") -}}
{{- if kindIs "invalid" .Values.podDisruptionBudget -}}{{- $_ := set .Values "podDisruptionBudget" dict -}}{{- end -}}
{{- $missing := include "k8s-gateway.fill" (dict "schema" $schema "values" .Values "path" "") | splitList "\n" | compact -}}
{{- if gt (len $missing) 3 -}}
{{- include "k8s-gateway.found" (dict "report" $report "problem" (printf "the values lack defaults of this chart (%s): use --reset-then-reuse-values instead of --reuse-values" (join ", " $missing))) -}}
{{- else -}}
{{- range $missing -}}
{{- include "k8s-gateway.found" (dict "report" $report "problem" (printf "%s: null removes the default of the chart: remove this line to keep the default" .)) -}}
{{- end -}}
{{- end -}}
{{- include "k8s-gateway.lists" . -}}
{{- include "k8s-gateway.clientFiltering" (dict "report" $report "values" .Values) -}}
{{- include "k8s-gateway.plugins" . -}}
{{- include "k8s-gateway.servers" . -}}
{{- include "k8s-gateway.resources" (dict "report" $report "values" .Values) -}}
{{- include "k8s-gateway.validate" (dict "root" . "report" $report) -}}
{{- with $report.problems | uniq -}}
{{- fail (printf "%s:\n\n%s\n" (len . | eq 1 | ternary "there is a problem with the values" (printf "there are %d problems with the values" (len .))) (printf "- %s" (join "\n- " .))) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Lists that were given as a text: names separated by spaces or commas. */ -}}
{{- define "k8s-gateway.lists" -}}
{{- $within := list (list .Values "watchedResources") (list .Values "namespaces") (list .Values "exclude") (list .Values "steer") (list .Values "externalDNSAnnotations")
  (list .Values.filters "ingressClasses") (list .Values.filters "gatewayClasses") (list .Values.filters "gateways") (list .Values.fallthrough "zones") -}}
{{- range .Values.zoneFiles -}}{{- if kindIs "map" . -}}{{- if .fallthrough -}}{{- $within = append $within (list .fallthrough "zones") -}}{{- end -}}{{- end -}}{{- end -}}
{{- range $name, $_ := .Values.networks -}}{{- $within = append $within (list $.Values.networks $name) -}}{{- end -}}
{{- range $within -}}
{{- $value := get (first .) (last .) -}}
{{- if kindIs "string" $value -}}{{- $_ := regexSplit "[\\s,]+" $value -1 | compact | set (first .) (last .) -}}{{- end -}}
{{- end -}}
{{- /* These have spaces in them. */ -}}
{{- range list (list .Values.filters "serviceLabelSelectors") (list .Values "secondary") -}}
{{- $value := get (first .) (last .) -}}
{{- if kindIs "string" $value -}}{{- $_ := list $value | compact | set (first .) (last .) -}}{{- end -}}
{{- end -}}
{{- end -}}

{{- /* clientFiltering of the newest public chart is a filter of steer. */ -}}
{{- define "k8s-gateway.clientFiltering" -}}
{{- if .values.clientFiltering -}}
{{- $filter := eq .values.clientFilteringMode "strict" | ternary "subnet!" "subnet" -}}
{{- if .values.steer -}}
{{- include "k8s-gateway.found" (dict "report" .report "problem" (printf "clientFiltering: add %s to steer, and remove clientFiltering" $filter)) -}}
{{- else -}}
{{- $_ := set .values "steer" (list $filter) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* extraZonePlugins that were given as a text, as charts 1.0.9 to 1.1.12 had them: the lines of a server block. */ -}}
{{- define "k8s-gateway.plugins" -}}
{{- if kindIs "string" .Values.extraZonePlugins -}}
{{- $plugins := list -}}
{{- $depth := 0 -}}
{{- range splitList "\n" .Values.extraZonePlugins -}}
{{- $line := regexReplaceAll "(^|\\s)#.*$" (trim .) "" | trim -}}
{{- $opens := regexMatch "(^|\\s)\\{$" $line -}}
{{- if not $line -}}
{{- else if and (eq $depth 1) (eq $line "}") -}}
{{- $depth = 0 -}}
{{- else if gt $depth 0 -}}
{{- $plugin := last $plugins -}}
{{- $_ := list $plugin.configBlock $line | compact | join "\n" | set $plugin "configBlock" -}}
{{- if $opens -}}{{- $depth = add1 $depth | int -}}{{- else if eq $line "}" -}}{{- $depth = sub $depth 1 | int -}}{{- end -}}
{{- else -}}
{{- $words := regexSplit "\\s+" (regexReplaceAll "\\s*\\{$" $line "") 2 -}}
{{- $plugins = append $plugins (dict "name" (first $words) "parameters" (rest $words | join " ") "configBlock" "") -}}
{{- if $opens -}}{{- $depth = 1 -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set .Values "extraZonePlugins" $plugins -}}
{{- end -}}
{{- end -}}

{{- /* With domain, the server block that the newest public chart has by default is left out: it is for example.com. */ -}}
{{- define "k8s-gateway.servers" -}}
{{- if and (include "k8s-gateway.domains" .) (eq (toJson .Values.servers) (.Files.Get "files/earlier-servers.yaml" | fromYamlArray | toJson)) -}}
{{- $_ := set .Values "servers" list -}}
{{- end -}}
{{- end -}}

{{- /* A quantity of Kubernetes, in thousandths: 64Mi, 0.5, 50m. */ -}}
{{- define "k8s-gateway.quantity" -}}
{{- $text := toString . -}}
{{- $number := regexFind "^[0-9.]+" $text | float64 -}}
{{- $units := dict "m" 1 "" 1000 "k" 1e6 "M" 1e9 "G" 1e12 "T" 1e15 "Ki" 1024e3 "Mi" 1048576e3 "Gi" 1073741824e3 "Ti" 1099511627776e3 -}}
{{- mulf $number (get $units (regexReplaceAll "^[0-9.]+" $text "") | default 1000 | float64) | int64 -}}
{{- end -}}

{{- /* A request above its limit is refused by the API server. If one of the two is the chart's own default, it gives way. */ -}}
{{- define "k8s-gateway.resources" -}}
{{- $resources := .values.resources | default dict -}}
{{- $requests := $resources.requests | default dict -}}
{{- $limits := $resources.limits | default dict -}}
{{- $report := .report -}}
{{- range $name, $default := dict "memory" (dict "request" "64Mi" "limit" "256Mi") "cpu" (dict "request" "50m" "limit" "") -}}
{{- $request := get $requests $name | toString -}}
{{- $limit := get $limits $name | toString -}}
{{- if and (get $requests $name) (get $limits $name) -}}
{{- if gt (include "k8s-gateway.quantity" $request | int64) (include "k8s-gateway.quantity" $limit | int64) -}}
{{- if eq $limit $default.limit -}}{{- $_ := set $limits $name $request -}}
{{- else if eq $request $default.request -}}{{- $_ := set $requests $name $limit -}}
{{- else -}}
{{- include "k8s-gateway.found" (dict "report" $report "problem" (printf "resources: the request of %s %s is more than the limit of %s" $request $name $limit)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
