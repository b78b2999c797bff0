# Two images: `product` runs the API, the workers, beat and Flower; `sandbox` is the outside world for trials.

FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements requirements
RUN pip install --no-cache-dir --require-hashes -r requirements/local.txt
COPY . .
RUN pip wheel -q --no-deps --no-build-isolation -w /wheels .

FROM python:3.11-slim AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --uid 10001 --create-home claimrail && install -d -o claimrail /data
WORKDIR /app
COPY deploy/entrypoint.sh /app/entrypoint.sh
ENTRYPOINT ["/app/entrypoint.sh"]

FROM base AS product
COPY requirements/base.txt /tmp/base.txt
RUN pip install --no-cache-dir --require-hashes -r /tmp/base.txt && rm /tmp/base.txt
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --no-deps /wheels/*.whl
USER claimrail

FROM base AS sandbox
COPY requirements/local.txt /tmp/local.txt
RUN pip install --no-cache-dir --require-hashes -r /tmp/local.txt && rm /tmp/local.txt
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --no-deps /wheels/*.whl
USER claimrail
