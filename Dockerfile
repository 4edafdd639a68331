# syntax=docker/dockerfile:1
# The site in one image. docs/operating.md says how to run it, compose.yaml runs it with PostgreSQL.

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/gloss
COPY requirements.txt /tmp/requirements.txt
RUN /opt/gloss/bin/pip install --requirement /tmp/requirements.txt
WORKDIR /app
COPY . .
# Compiled here, as the running container writes nothing.
RUN VAR_DIR=/tmp/var STATIC_ROOT=/app/collected /opt/gloss/bin/python manage.py collectstatic --no-input \
    && /opt/gloss/bin/python -m compileall -q /app/annotations /app/reader

FROM python:3.13-slim
# For backups: pg_dump and pg_restore of the version that compose.yaml runs.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 gloss \
    && useradd --uid 10001 --gid gloss --no-create-home --shell /usr/sbin/nologin gloss \
    && install --directory --owner gloss --group gloss /data
COPY --from=build /opt/gloss /opt/gloss
COPY --from=build /app /app
ENV PATH="/opt/gloss/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PRODUCTION=true \
    VAR_DIR=/data \
    STATIC_ROOT=/app/collected \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000 \
    GRANIAN_INTERFACE=rsgi \
    GRANIAN_HTTP=1 \
    GRANIAN_HTTP1_HEADER_READ_TIMEOUT=10000 \
    GRANIAN_HTTP1_BUFFER_SIZE=65536 \
    GRANIAN_WEBSOCKETS=false \
    GRANIAN_WORKERS=2 \
    GRANIAN_BACKPRESSURE=8192 \
    GRANIAN_RESPAWN_FAILED_WORKERS=true \
    GRANIAN_WORKERS_KILL_TIMEOUT=8 \
    GRANIAN_LOG_LEVEL=warning
WORKDIR /app
USER gloss
VOLUME /data
EXPOSE 8000
# The site answers to its own name only, so the question carries it.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-c", "\
import os, urllib.request as web; \
host = os.environ.get('ALLOWED_HOSTS', 'localhost').split(',')[0].strip().lstrip('.'); \
web.urlopen(web.Request('http://127.0.0.1:8000/healthz', headers={'Host': host}), timeout=4)"]
CMD ["granian", "reader.rsgi:application"]
