"""What gunicorn serves: `gunicorn -c python:app.ops.gunicorn wsgi:app`."""

import sys

from app.factory import create_app
from app.storage.contract import StorageDown
from app.storage.migrations import NewerSchema

APP_LOAD_ERROR = 4
"""With this status a worker tells gunicorn that another try would end the same way."""

try:
    app = create_app()
except (StorageDown, NewerSchema) as away:
    sys.stderr.write(f"The database cannot be used: {away}.\n")
    raise SystemExit(APP_LOAD_ERROR) from None
