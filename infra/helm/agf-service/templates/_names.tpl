{{/* Suffix: of an old build's pods, so that they are told from the current one's. */}}
{{- define "agf-service.name" -}}
{{- printf "%s%s" .Chart.Name (ternary (get . "Suffix") "" (hasKey . "Suffix")) | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "agf-service.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "agf-service.selector" -}}
app.kubernetes.io/name: {{ include "agf-service.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "agf-service.labels" -}}
{{ include "agf-service.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: aumos-agent-framework
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "agf-service.image" -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
