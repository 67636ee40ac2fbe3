{{/* The pods of the app, whichever build they run. */}}
{{- define "agf-service.pod" -}}
metadata:
  labels: {{- include "agf-service.labels" . | nindent 4 }}
spec:
  serviceAccountName: {{ include "agf-service.fullname" . }}
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    runAsGroup: 1000
    seccompProfile:
      type: RuntimeDefault
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels: {{- include "agf-service.selector" . | nindent 10 }}
  containers:
    - name: {{ include "agf-service.name" . }}
      image: {{ include "agf-service.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      env: {{- include "agf-service.environment" . | nindent 8 }}
      ports:
        - name: http
          containerPort: {{ .Values.port }}
        {{- with .Values.metricsPort }}
        - name: metrics
          containerPort: {{ . }}
        {{- end }}
      startupProbe:
        httpGet: { path: /live, port: http }
        periodSeconds: 2
        failureThreshold: 30
      livenessProbe:
        httpGet: { path: /live, port: http }
        periodSeconds: 10
        timeoutSeconds: 3
      readinessProbe:
        httpGet: { path: /ready, port: http }
        periodSeconds: 5
        timeoutSeconds: 3
      resources: {{- toYaml .Values.resources | nindent 8 }}
      volumeMounts:
        - name: tmp
          mountPath: /tmp
  volumes:
    - name: tmp
      emptyDir: {}
{{- end -}}

{{- define "agf-service.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "agf-service.fullname" . }}
  labels: {{- include "agf-service.labels" . | nindent 4 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicas }}
  {{- end }}
  revisionHistoryLimit: 3
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels: {{- include "agf-service.selector" . | nindent 6 }}
  template:
    {{- include "agf-service.pod" . | nindent 4 }}
{{- end -}}

{{/*
A deployment for each build that only ends what it began: values.oldVersions, { tag, replicas, buildId }. Its pods belong
neither to the service nor to the disruption budget.
*/}}
{{- define "agf-service.old" -}}
{{- range .Values.oldVersions }}
{{- $suffix := printf "-old-%s" (regexReplaceAll "[^a-z0-9]+" (.tag | toString | lower) "-") }}
{{- $settings := dict "AUMOS_AGF_WORKER_BECOMES_CURRENT" "false" }}
{{- with .buildId }}{{ $_ := set $settings "AUMOS_AGF_WORKER_BUILD_ID" . }}{{ end }}
{{- $values := mergeOverwrite (deepCopy $.Values) (dict "image" (dict "tag" (toString .tag)) "settings" $settings) }}
{{- $old := dict "Chart" $.Chart "Release" $.Release "Values" $values "Suffix" $suffix }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ printf "%s%s" (include "agf-service.fullname" $ | trunc 40 | trimSuffix "-") $suffix | trunc 63 | trimSuffix "-" }}
  labels: {{- include "agf-service.labels" $old | nindent 4 }}
spec:
  replicas: {{ .replicas | default 1 }}
  revisionHistoryLimit: 3
  selector:
    matchLabels: {{- include "agf-service.selector" $old | nindent 6 }}
  template:
    {{- include "agf-service.pod" $old | nindent 4 }}
{{- end }}
{{- end -}}
