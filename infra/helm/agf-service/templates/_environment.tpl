{{/* Settings by name from values.settings (plain) and values.secretSettings (name: {secret, key}). */}}
{{- define "agf-service.environment" -}}
- name: AUMOS_AGF_HOST
  value: 0.0.0.0
- name: AUMOS_AGF_PORT
  value: {{ .Values.port | quote }}
{{- with .Values.metricsPort }}
- name: AUMOS_AGF_METRICS_PORT
  value: {{ . | quote }}
{{- end }}
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- range $name, $ref := .Values.secretSettings }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ required (printf "secretSettings.%s.secret" $name) $ref.secret }}
      key: {{ required (printf "secretSettings.%s.key" $name) $ref.key }}
{{- end }}
{{- end -}}
