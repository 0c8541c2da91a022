# The image of every worker and of the migrations. Nothing is fetched when it runs.
# Everything comes from the lock, by version and hash; the tools of the tests are in it too, and unused.
FROM python:3.11.14-slim-bookworm

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
 && useradd --system --uid 10001 --home-dir /var/lib/sunrelay --create-home sunrelay

USER 10001
WORKDIR /var/lib/sunrelay
STOPSIGNAL SIGTERM
CMD ["python", "-m", "worker"]
