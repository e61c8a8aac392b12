# Two stages: the first installs the locked packages, the second holds only what is served.
FROM python:3.13-slim AS packages
RUN pip install --no-cache-dir uv
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --extra postgres --no-python-downloads --compile-bytecode

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin tarp
WORKDIR /app
COPY --from=packages /app/.venv .venv
COPY wsgi.py LICENSE pyproject.toml ./
COPY app app
COPY templates templates
COPY static static
# The database and the secret key live here: mount a volume, or lose them with the container.
RUN install -d -o tarp -g tarp instance
USER tarp
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LOG_FORMAT=json
EXPOSE 8000
VOLUME /app/instance
# Exec form, so that SIGTERM reaches gunicorn itself and it can stop gently.
CMD ["python", "-m", "gunicorn", "-c", "python:app.ops.gunicorn", "wsgi:app"]
