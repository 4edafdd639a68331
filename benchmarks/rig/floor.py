"""The site map of a site that says nothing."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path


@login_not_required
def empty(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@login_not_required
def nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


urlpatterns = [path("", empty), path("nothing/", nothing)]
