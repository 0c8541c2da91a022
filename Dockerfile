# The image of every worker, door and migration. Nothing is fetched when it runs. What comes from outside comes from
# the locks, by version and hash; what only builds or tests us stays behind in the first stage, or never comes.
FROM python:3.11.14-slim-bookworm AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
COPY requirements-build.txt requirements-run.txt ./
RUN python -m venv --without-pip /srv/sunrelay \
 && pip install --require-hashes -r requirements-build.txt \
 && pip --python /srv/sunrelay install --require-hashes -r requirements-run.txt
COPY pyproject.toml README.md worker.py ./
COPY domain ./domain
COPY policies ./policies
COPY workflows ./workflows
COPY activities ./activities
COPY starter ./starter
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
 && pip --python /srv/sunrelay install --no-deps --no-index /wheels/*.whl

FROM python:3.11.14-slim-bookworm

ENV PATH=/srv/sunrelay/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONTZPATH=""
RUN useradd --uid 10001 --home-dir /var/lib/sunrelay --create-home --shell /usr/sbin/nologin sunrelay \
 && install --directory --owner 10001 --group 10001 --mode 0700 /var/lib/sunrelay/contents
COPY --from=build /srv/sunrelay /srv/sunrelay

USER 10001
WORKDIR /var/lib/sunrelay
STOPSIGNAL SIGTERM
CMD ["python", "-m", "worker"]
