# The worker. Everything it needs is in the lock; nothing is fetched when it runs.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONTZPATH="" PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /srv/sunrelay
COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt
COPY pyproject.toml README.md worker.py ./
COPY domain ./domain
COPY policies ./policies
COPY workflows ./workflows
COPY activities ./activities
COPY starter ./starter
RUN pip install --no-deps --no-build-isolation . \
 && useradd --system --home-dir /var/lib/sunrelay --create-home sunrelay

USER sunrelay
WORKDIR /var/lib/sunrelay
STOPSIGNAL SIGTERM
CMD ["python", "-m", "worker"]
