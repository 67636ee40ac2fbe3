{{- define "agf-service.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "agf-service.fullname" . }}
  labels: {{- include "agf-service.labels" . | nindent 4 }}
spec:
  selector: {{- include "agf-service.selector" . | nindent 4 }}
  ports:
    - name: http
      port: 80
      targetPort: http
{{- end -}}

{{- define "agf-service.serviceaccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "agf-service.fullname" . }}
  labels: {{- include "agf-service.labels" . | nindent 4 }}
automountServiceAccountToken: false
{{- end -}}

{{- define "agf-service.poddisruptionbudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "agf-service.fullname" . }}
  labels: {{- include "agf-service.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "agf-service.selector" . | nindent 6 }}
{{- end -}}

{{- define "agf-service.autoscaler" -}}
{{- if .Values.autoscaling.enabled }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "agf-service.fullname" . }}
  labels: {{- include "agf-service.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "agf-service.fullname" . }}
  minReplicas: {{ .Values.autoscaling.minReplicas }}
  maxReplicas: {{ .Values.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .Values.autoscaling.targetCPUUtilizationPercentage }}
{{- end }}
{{- end -}}

{{- define "agf-service.all" -}}
{{ include "agf-service.serviceaccount" . }}
---
{{ include "agf-service.deployment" . }}
---
{{ include "agf-service.service" . }}
---
{{ include "agf-service.poddisruptionbudget" . }}
---
{{ include "agf-service.autoscaler" . }}
{{- end -}}
