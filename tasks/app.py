"""The Celery application: `celery -A tasks.app worker`."""

from celery import Celery

from pipeline.settings import BrokerSettings, FlowSettings
from tasks.config import celery_config

app = Celery("claimrail", include=["tasks.claims", "tasks.transport", "tasks.money", "tasks.control"])
app.conf.update(celery_config(BrokerSettings(), FlowSettings()))
