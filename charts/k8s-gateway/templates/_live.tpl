{{- /* Checks the Services of the release that are in the cluster: dict "root" $ and "report" $report. helm template and a dry run
     without the server see none. */ -}}
{{- define "k8s-gateway.live" -}}
{{- $v := .root.Values -}}
{{- $report := .report -}}
{{- if $v.service.enabled -}}
{{- $names := list (include "k8s-gateway.fullname" .root) -}}
{{- if $v.secondaryService.enabled -}}{{- $names = append $names (include "k8s-gateway.secondaryName" .root) -}}{{- end -}}
{{- range $i, $name := $names -}}
{{- with lookup "v1" "Service" $.root.Release.Namespace $name -}}
{{- if eq (dig "metadata" "annotations" "meta.helm.sh/release-name" "" .) $.root.Release.Name -}}
{{- $live := .spec -}}
{{- include "k8s-gateway.livePorts" (dict "root" $.root "report" $report "name" $name "live" $live "nodePorts" (eq $i 0)) -}}
{{- if and (eq $i 0) $v.service.clusterIP (ne (toString $live.clusterIP) (toString $v.service.clusterIP)) -}}
{{- if eq (toString $v.service.type) "ClusterIP" -}}
{{- include "k8s-gateway.found" (dict "report" $report "problem" (printf "service.clusterIP: the Service has %s, which cannot be changed: set service.clusterIP to it, or delete the Service first" $live.clusterIP)) -}}
{{- else -}}
{{- /* Earlier charts ignored it for other types. */ -}}
{{- $_ := set $v.service "clusterIP" "" -}}
{{- $_ := set $.root "clusterIP" $live.clusterIP -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Helm, like kubectl apply, merges the ports of a Service by their number alone. Where a number has UDP and TCP, the change
     of one goes to the other, or one is lost. So such a number has to be in the cluster as it will be, before the upgrade. */ -}}
{{- define "k8s-gateway.livePorts" -}}
{{- $numbers := list -}}
{{- $wanted := dict -}}
{{- $ports := list -}}
{{- range include "k8s-gateway.servicePorts" (dict "root" .root "nodePorts" .nodePorts) | fromJsonArray -}}
{{- $number := toString .port -}}
{{- $numbers = append $numbers $number -}}
{{- $ports = append $ports . -}}
{{- $_ := append (get $wanted $number | default list) . | set $wanted $number -}}
{{- end -}}
{{- $there := dict -}}
{{- $shown := list -}}
{{- range .live.ports -}}
{{- $number := int64 .port | toString -}}
{{- $numbers = append $numbers $number -}}
{{- $shown = printf "%s/%s" $number (default "TCP" .protocol) | append $shown -}}
{{- $_ := append (get $there $number | default list) . | set $there $number -}}
{{- end -}}
{{- $differs := false -}}
{{- $lessens := false -}}
{{- range uniq $numbers -}}
{{- $want := get $wanted . | default list -}}
{{- $have := get $there . | default list -}}
{{- if and (eq (len $want) 1) (gt (len $have) 1) -}}
{{- $lessens = true -}}
{{- else if gt (len $want) 1 -}}
{{- if ne (len $want) (len $have) -}}
{{- $differs = true -}}
{{- else -}}
{{- range $i, $w := $want -}}
{{- $h := index $have $i -}}
{{- range $key, $value := $w -}}
{{- if ne (get $h $key | toString) (toString $value) -}}{{- $differs = true -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $kubectl := printf "kubectl --namespace %s" .root.Release.Namespace -}}
{{- $has := printf "the Service %s has %s" .name (join ", " $shown) -}}
{{- if $lessens -}}
{{- include "k8s-gateway.found" (dict "report" .report "problem" (printf "%s. An upgrade cannot remove UDP or TCP from a port that has both, because Helm merges ports by their number. Nothing has been changed. Run this command, then upgrade again. The upgrade creates the Service again, which may get another address:\n\n    %s delete service %s\n" $has $kubectl .name)) -}}
{{- else if $differs -}}
{{- /* A port whose name changes would get another node port. */ -}}
{{- range $port := $ports -}}
{{- range $.live.ports -}}
{{- if and .nodePort (not $port.nodePort) (eq (int64 .port) (int64 $port.port)) (eq (default "TCP" .protocol) $port.protocol) (ne (toString $.root.Values.service.type) "ClusterIP") -}}
{{- $_ := int64 .nodePort | set $port "nodePort" -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $patch := list (dict "op" "replace" "path" "/spec/ports" "value" $ports) | toJson -}}
{{- include "k8s-gateway.found" (dict "report" .report "problem" (printf "%s. An upgrade would lose UDP or TCP, because Helm merges ports by their number. Nothing has been changed. Run this command, then upgrade again:\n\n    %s patch service %s --type json --patch '%s'\n" $has $kubectl .name $patch)) -}}
{{- end -}}
{{- end -}}
