# Two stages: the first installs the locked packages, the second holds only what is served.
#   docker build --build-arg COMMIT=$(git rev-parse --short HEAD) -t tap-or-tarp .
#   docker run --read-only --tmpfs /tmp -v tarp:/app/instance -p 8000:8000 tap-or-tarp
FROM python:3.13-slim-bookworm AS packages
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
COPY pyproject.toml uv.lock ./
# Some packages bring their own tests along: nobody runs them here.
RUN uv sync --frozen --no-dev --extra postgres --no-python-downloads --compile-bytecode \
    && find .venv -type d '(' -name tests -o -name testing ')' -prune -exec rm -rf '{}' +

FROM python:3.13-slim-bookworm
RUN groupadd --gid 10001 tarp && useradd --uid 10001 --gid 10001 --no-create-home \
    --home-dir /nonexistent --shell /usr/sbin/nologin tarp
WORKDIR /app
COPY --from=packages /app/.venv .venv
COPY wsgi.py LICENSE pyproject.toml ./
COPY app app
COPY templates templates
COPY static static
# The database and the secret key live here, and nothing is written anywhere else but to /tmp:
# mount a volume, or lose them with the container.
RUN python -m compileall -q app && install -d -o tarp -g tarp instance
ARG COMMIT=""
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LOG_FORMAT=json COMMIT=$COMMIT
USER 10001:10001
EXPOSE 8000
VOLUME /app/instance
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["python", "-m", "app.ops.ready"]
# Exec form, so that gunicorn is the first process and SIGTERM reaches it: it stops gently.
CMD ["python", "-m", "gunicorn", "-c", "python:app.ops.gunicorn", "wsgi:app"]
