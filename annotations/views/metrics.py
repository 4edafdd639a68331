"""What Prometheus asks: how the site fares."""

from collections.abc import Iterator
from secrets import compare_digest

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from annotations import waiting
from annotations.models import Annotation, Appeal, Flag
from reader import measuring


class Waiting(Collector):
    """What waits for somebody, counted when it is asked for; nothing of it while the database is away."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            held, reports = Annotation.objects.pending().count(), Flag.objects.open().count()
            lines = waiting.line_count()
            appeals = Appeal.objects.open().count()
            queued = DBTaskResult.objects.ready().count()
        except Error:
            yield GaugeMetricFamily("gloss_database_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("gloss_database_up", "Whether the database answers.", 1)
        yield GaugeMetricFamily("gloss_annotations_pending", "Annotations that wait for a moderator.", held)
        yield GaugeMetricFamily("gloss_lines_pending", "Lines beside annotations that wait for a moderator.", lines)
        yield GaugeMetricFamily("gloss_reports_open", "Reports that nobody has decided about.", reports)
        yield GaugeMetricFamily("gloss_appeals_open", "Appeals that wait for another moderator.", appeals)
        yield GaugeMetricFamily("gloss_tasks_ready", "What waits for the worker.", queued)


@require_safe
@login_not_required
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Give what is counted, to whoever has the token. There is nothing here while none is set."""
    if not measuring.is_on():
        raise Http404
    asked = request.headers.get("Authorization", "").encode("utf-8", "replace")
    if not compare_digest(asked, f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponse(
            "Say the token.\n", status=401, headers={"WWW-Authenticate": "Bearer"}, content_type="text/plain"
        )
    registry = measuring.gathered()
    registry.register(Waiting())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)
