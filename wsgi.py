"""What gunicorn serves. Only workers import this, after gevent has patched the standard library."""

from app.factory import create_app

app = create_app()
