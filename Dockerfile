# syntax=docker/dockerfile:1
# Two images of one program. Configuration comes from the environment and WATCHKEEPER_CONFIG.
#   docker build .                    the roles bot, worker, mirror (and runner): docker run IMAGE bot
#   docker build --target runner .    the runner of a site, which nobody connects to: docker run IMAGE runner --site NAME
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Development tools stay out. Optional packages stay in: they hold the native parts of this platform.
RUN npm install --no-save --omit=dev --no-audit --no-fund && npm cache clean --force

FROM node:24-bookworm-slim AS base
ENV NODE_ENV=production WATCHKEEPER_CONFIG=/etc/watchkeeper/watchkeeper.yaml WATCHKEEPER_DATA=/var/lib/watchkeeper
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates tini && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --home-dir /var/lib/watchkeeper --create-home watchkeeper
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY . .
USER 10001
ENTRYPOINT ["tini", "--", "node", "bot/main.ts", "serve", "--role"]

# It connects outwards only: no port. Other CLIs (kubectl, promtool, …) are added by an image FROM this one, or mounted: versions follow the site.
FROM base AS runner
USER root
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
USER 10001
CMD ["runner"]

# The default target.
FROM base AS server
ENV PORT=8080
EXPOSE 8080
CMD ["bot"]
