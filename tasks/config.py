"""Celery's settings and why each is so; docs/decisions has the long form.

A message is a doorbell: it carries ids, may be lost or doubled, and nothing is believed because of it. So results are
off, acknowledgment is late, and what Redis loses the sweep finds.
"""

from typing import Any

from kombu.entity import Queue

from pipeline.settings import BrokerSettings, FlowSettings

QUEUES = ("claims", "transport", "money", "control")

HARD_LIMIT_S = {"claims": 300, "transport": 600, "money": 300, "control": 120}
SOFT_BEFORE_HARD_S = 30
VISIBILITY_TIMEOUT_S = 2 * max(HARD_LIMIT_S.values())
"""Anything unacknowledged for longer is delivered again: well beyond the longest a task may run."""


def celery_config(broker: BrokerSettings, flow: FlowSettings) -> dict[str, Any]:
    """All of Celery's configuration for one process."""
    return {
        "broker_url": broker.celery_url,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_pool_acquire_timeout": 30,
        "broker_transport_options": {
            "visibility_timeout": VISIBILITY_TIMEOUT_S,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "unacked_restore_limit": 500,
            "unacked_mutex_expire": 60,
            "socket_timeout": 30,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 25,
            "global_keyprefix": "claimrail:",
            **broker.transport_options,
        },
        "visibility_timeout": VISIBILITY_TIMEOUT_S,
        "task_queues": [Queue(name) for name in QUEUES],  # type: ignore[no-untyped-call]
        "task_default_queue": "control",
        "task_create_missing_queues": False,
        "task_routes": {f"{name}.*": {"queue": name} for name in QUEUES},
        "task_serializer": "json",
        "event_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "task_store_errors_even_if_ignored": False,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "worker_prefetch_multiplier": 1,
        "worker_soft_shutdown_timeout": 60,
        "worker_enable_soft_shutdown_on_idle": True,
        "worker_max_tasks_per_child": 5000,
        "worker_max_memory_per_child": 400_000,
        "worker_hijack_root_logger": False,
        "worker_send_task_events": False,
        "task_send_sent_event": False,
        "task_track_started": False,
        "task_remote_tracebacks": False,
        "task_repr_maxlevels": 1,
        "task_publish_retry_policy": {"max_retries": 3, "interval_start": 0.1, "interval_step": 0.3, "interval_max": 1},
        "beat_schedule": {
            "sweep": {"task": "control.sweep", "schedule": flow.sweep_interval_s, "options": {"expires": 60}}
        },
        "timezone": "UTC",
    }
