{{- /* Checks the values against files/schema.json, a JSON schema. Helm's own check would stop at values.schema.json before
     a template could add the sentences below, so that file only has the names. Every check adds its problems to one list:
     dict "report" $report, where $report is a dict with the list "problems". */ -}}

{{- define "k8s-gateway.found" -}}
{{- $_ := set .report "problems" (append .report.problems .problem) -}}
{{- end -}}

{{- /* The JSON type of a value. Helm reads numbers of values.yaml as json.Number. */ -}}
{{- define "k8s-gateway.typeOf" -}}
{{- if kindIs "invalid" . }}null
{{- else if kindIs "bool" . }}boolean
{{- else if kindIs "slice" . }}array
{{- else if kindIs "map" . }}object
{{- else if typeIs "json.Number" . }}{{ regexMatch "^-?[0-9]+$" (toString .) | ternary "integer" "number" }}
{{- else if kindIs "string" . }}string
{{- else if kindIs "float64" . }}{{ eq (floor .) . | ternary "integer" "number" }}
{{- else }}integer
{{- end -}}
{{- end -}}

{{- /* The number of letters to change, add or remove to get from one name to another, whatever their case. */ -}}
{{- define "k8s-gateway.distance" -}}
{{- $b := splitList "" (lower .b) -}}
{{- $row := untilStep 0 (len $b | add1 | int) 1 -}}
{{- range $i, $x := splitList "" (lower .a) -}}
{{- $next := list (add1 $i | int) -}}
{{- range $j, $y := $b -}}
{{- $next = append $next (min (add1 (index $next $j)) (add1 (index $row (add1 $j | int))) (add (index $row $j) (eq $x $y | ternary 0 1)) | int) -}}
{{- end -}}
{{- $row = $next -}}
{{- end -}}
{{- last $row -}}
{{- end -}}

{{- /* The nearest of some names, or nothing: dict "name", "names". The names may have a path; the same path is nearer. */ -}}
{{- define "k8s-gateway.nearest" -}}
{{- $name := splitList "." .name | last -}}
{{- $path := trimSuffix $name .name -}}
{{- $best := div (len $name) 4 | add 3 | int -}}
{{- $nearest := "" -}}
{{- range .names -}}
{{- $other := splitList "." . | last -}}
{{- $begins := or (hasPrefix (lower $name) (lower $other)) (hasPrefix (lower $other) (lower $name)) (hasPrefix (lower $name | trunc 5) (lower $other)) -}}
{{- $elsewhere := eq $path (trimSuffix $other .) | ternary 0 1 -}}
{{- if or $begins (lt (int (sub (max (len $name) (len $other)) (min (len $name) (len $other)))) $best) -}}
{{- $distance := include "k8s-gateway.distance" (dict "a" $name "b" $other) | int -}}
{{- if $begins -}}{{- $distance = min $distance (sub $distance 2 | max 2) | int -}}{{- end -}}
{{- $distance = add $distance $elsewhere | int -}}
{{- if lt $distance $best -}}{{- $best = $distance -}}{{- $nearest = . -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- $nearest -}}
{{- end -}}

{{- define "k8s-gateway.didYouMean" -}}
{{- with include "k8s-gateway.nearest" . }}; did you mean {{ . }}?{{ end -}}
{{- end -}}

{{- /* The names of all values in a schema, a line each: dict "schema", "path". */ -}}
{{- define "k8s-gateway.names" -}}
{{- $path := .path -}}
{{- range $key, $schema := .schema.properties }}
{{ $path }}{{ $key }}
{{- include "k8s-gateway.names" (dict "schema" $schema "path" (printf "%s%s." $path $key)) -}}
{{- end -}}
{{- end -}}

{{- /* An empty value of a schema's type, in a list. */ -}}
{{- define "k8s-gateway.empty" -}}
{{- $type := .type | default "string" -}}
{{- if kindIs "slice" $type -}}{{- $type = first $type -}}{{- end -}}
{{- if eq $type "object" }}[{}]{{ else if eq $type "array" }}[[]]{{ else if eq $type "boolean" }}[false]{{ else if eq $type "integer" }}[1]{{ else }}[""]{{ end -}}
{{- end -}}

{{- /* Fills in the values that null took away, and prints the names of those that have to be there, a line each: dict "schema",
     "values", "path". Objects whose values are all optional stay as they are. */ -}}
{{- define "k8s-gateway.fill" -}}
{{- $values := .values -}}
{{- $path := .path -}}
{{- range $name, $schema := .schema.properties -}}
{{- if or (not (hasKey $values $name)) (kindIs "invalid" (get $values $name)) -}}
{{- if or $schema.properties (eq (toString $schema.type) "integer") (and $schema.enum (not (has "" $schema.enum))) }}
{{ $path }}{{ $name }}
{{- end -}}
{{- $_ := include "k8s-gateway.empty" $schema | fromJsonArray | first | set $values $name -}}
{{- end -}}
{{- if and $schema.properties (not (has $name (list "livenessProbe" "readinessProbe" "rollingUpdate" "podDisruptionBudget"))) -}}
{{- include "k8s-gateway.fill" (dict "schema" $schema "values" (get $values $name) "path" (printf "%s%s." $path $name)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Checks one value and what is in it: dict "report", "schema", "value", "path" as it is shown, "place" without the
     numbers of items, and "in" and "key" where the value stands. A value of a wrong type is emptied, and an item of a list
     dropped, for the checks that follow. */ -}}
{{- define "k8s-gateway.check" -}}
{{- $c := . -}}
{{- $value := .value -}}
{{- $type := include "k8s-gateway.typeOf" .value -}}
{{- $types := kindIs "string" .schema.type | ternary (list .schema.type) (default list .schema.type) -}}
{{- if and (eq $type "string") (has "integer" $types) -}}
{{- if regexMatch "^[0-9]+$" .value -}}{{- $type = "integer" -}}{{- end -}}
{{- end -}}
{{- $problem := "" -}}
{{- $wanted := dict "string" "a text" "array" "a list" "object" "a block of values" "boolean" "true or false, without quotes" "integer" "a whole number" -}}
{{- if eq $type "null" -}}
{{- else if and $types (not (has $type $types)) -}}
{{- $words := list -}}{{- range $types -}}{{- if ne . "null" -}}{{- $words = append $words (get $wanted .) -}}{{- end -}}{{- end -}}
{{- $problem = printf "%s is not %s%s" (toJson .value | trunc 60) (join " or " $words) (and (has "string" $types) (has $type (list "integer" "number" "boolean")) | ternary ": put it in quotes" "") -}}
{{- else if .schema.enum -}}
{{- if not (has .value .schema.enum) -}}
{{- $problem = printf "%s is none of %s%s" (toString .value) (compact .schema.enum | join ", ") (include "k8s-gateway.didYouMean" (dict "name" (toString .value) "names" (compact .schema.enum))) -}}
{{- end -}}
{{- else if eq $type "integer" -}}
{{- if hasKey .schema "minimum" -}}
{{- if lt (int64 .value) (int64 .schema.minimum) -}}{{- $problem = printf "%d is less than %d" (int64 .value) (int64 .schema.minimum) -}}{{- end -}}
{{- end -}}
{{- if hasKey .schema "maximum" -}}
{{- if gt (int64 .value) (int64 .schema.maximum) -}}{{- $problem = printf "%d is more than %d" (int64 .value) (int64 .schema.maximum) -}}{{- end -}}
{{- end -}}
{{- else if and (eq $type "string") .schema.pattern -}}
{{- if not (regexMatch .schema.pattern .value) -}}{{- $problem = printf "%q is not %s" .value .schema.want -}}{{- end -}}
{{- end -}}
{{- if $problem -}}
{{- include "k8s-gateway.found" (dict "report" .report "problem" (printf "%s: %s" .path $problem)) -}}
{{- if .in -}}{{- $_ := include "k8s-gateway.empty" .schema | fromJsonArray | first | set .in .key -}}{{- end -}}
{{- else if and (eq $type "object") (or .schema.properties (hasKey .schema "additionalProperties")) -}}
{{- range $key, $inner := .value -}}
{{- $path := list $c.path $key | compact | join "." -}}
{{- $place := list $c.place $key | compact | join "." -}}
{{- $common := dict "report" $c.report "value" $inner "path" $path "place" $place "in" $value "key" $key -}}
{{- if hasKey (default dict $c.schema.properties) $key -}}
{{- include "k8s-gateway.check" (set $common "schema" (get $c.schema.properties $key)) -}}
{{- else if kindIs "map" $c.schema.additionalProperties -}}
{{- include "k8s-gateway.check" (set $common "schema" $c.schema.additionalProperties) -}}
{{- else -}}
{{- include "k8s-gateway.unknown" (set $common "schema" $c.schema) -}}
{{- end -}}
{{- end -}}
{{- range .schema.required -}}
{{- if not (hasKey $value .) -}}{{- include "k8s-gateway.found" (dict "report" $c.report "problem" (printf "%s: %s is missing" $c.path .)) -}}{{- end -}}
{{- end -}}
{{- else if eq $type "array" -}}
{{- $items := default dict $c.schema.items -}}
{{- $kept := list -}}
{{- range $i, $inner := .value -}}
{{- include "k8s-gateway.check" (dict "report" $c.report "schema" $items "value" $inner "path" (printf "%s[%d]" $c.path $i) "place" (printf "%s[]" $c.place)) -}}
{{- if or (not $items.type) (has (include "k8s-gateway.typeOf" $inner) (kindIs "string" $items.type | ternary (list $items.type) $items.type)) -}}{{- $kept = append $kept $inner -}}{{- end -}}
{{- end -}}
{{- if and .in (ne (len $kept) (len .value)) -}}{{- $_ := set .in .key $kept -}}{{- end -}}
{{- end -}}
{{- end -}}

{{- /* A value that the schema does not know. It may be one of an earlier chart, of files/earlier.yaml: then it is no problem
     as long as it says what it said by default, or nothing. */ -}}
{{- define "k8s-gateway.unknown" -}}
{{- $c := . -}}
{{- $earlier := get .report.earlier .place | default dict -}}
{{- $within := false -}}
{{- range $place, $_ := .report.earlier -}}{{- if hasPrefix (printf "%s." $c.place) $place -}}{{- $within = true -}}{{- end -}}{{- end -}}
{{- $problem := "" -}}
{{- if $earlier.use -}}
{{- $expected := list "\"\"" "[]" "{}" "null" -}}
{{- range $earlier.defaults -}}{{- $expected = append $expected (toJson .) -}}{{- end -}}
{{- if not (has (toJson .value) $expected) -}}{{- $problem = printf "%s %s" .path $earlier.use -}}{{- end -}}
{{- else if and $within (kindIs "map" .value) -}}
{{- range $key, $inner := .value -}}
{{- include "k8s-gateway.unknown" (dict "report" $c.report "value" $inner "path" (printf "%s.%s" $c.path $key) "place" (printf "%s.%s" $c.place $key) "schema" dict) -}}
{{- end -}}
{{- else if and $within (not .value) -}}
{{- else -}}
{{- $names := list -}}
{{- range $key, $_ := .schema.properties -}}{{- $names = append $names (list (trimSuffix (print "." $c.key) $c.path | trimSuffix $c.key) $key | compact | join ".") -}}{{- end -}}
{{- $near := include "k8s-gateway.nearest" (dict "name" .path "names" $names) -}}
{{- if not $near -}}
{{- $all := splitList "\n" (include "k8s-gateway.names" (dict "schema" .report.schema "path" "")) | compact -}}
{{- $near = include "k8s-gateway.nearest" (dict "name" .path "names" $all) -}}
{{- end -}}
{{- $problem = printf "%s: there is no such value%s" .path ($near | empty | ternary ", in no version of the chart" (printf "; did you mean %s?" $near)) -}}
{{- end -}}
{{- if $problem -}}{{- include "k8s-gateway.found" (dict "report" .report "problem" $problem) -}}{{- end -}}
{{- end -}}
