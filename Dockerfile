# syntax=docker/dockerfile:1
# One image, four roles: docker run IMAGE bot|worker|runner|mirror. Configuration comes from the environment and WATCHKEEPER_CONFIG.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Development tools stay out. Optional packages stay in: they hold the native parts of this platform.
RUN npm install --no-save --omit=dev --no-audit --no-fund && npm cache clean --force

FROM node:24-bookworm-slim
ENV NODE_ENV=production PORT=8080 WATCHKEEPER_CONFIG=/etc/watchkeeper/watchkeeper.yaml WATCHKEEPER_DATA=/var/lib/watchkeeper
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates tini && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --home-dir /var/lib/watchkeeper --create-home watchkeeper
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY . .
USER 10001
EXPOSE 8080
# CLIs that a runner calls (kubectl, promtool, …) are added by an image FROM this one, or mounted: versions follow the site.
ENTRYPOINT ["tini", "--", "node", "bot/main.ts", "serve", "--role"]
CMD ["bot"]
