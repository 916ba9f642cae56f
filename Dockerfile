# Containers of this app: docs/going-live.md. `npm run container:tree` runs these steps in a folder, without a container engine.
# One image builds and runs, because native modules fit one C library. With `node:24-slim` instead, all targets work too.
ARG NODE_IMAGE=node:24-alpine

FROM ${NODE_IMAGE} AS build
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
# The same key in every build lets open pages call the server across a roll-out.
ARG NEXT_SERVER_ACTIONS_ENCRYPTION_KEY
RUN STANDALONE=1 npm run build && npm run container:commands

FROM ${NODE_IMAGE} AS server
WORKDIR /app
# Docker sets HOSTNAME to the container's name; Next would then listen on that address only, and the health check would fail.
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOSTNAME=0.0.0.0 PORT=3000
COPY --from=build /app/.next/standalone ./
COPY --from=build /app/.next/static ./.next/static
COPY --from=build /app/public ./public
COPY --from=build /app/.next/commands ./
# For a SQLite file, where there is no Postgres: an empty volume takes over the folder's permissions.
RUN mkdir -m 1777 .data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server.js"]

# The public demo (docs/sandbox.md): the sandbox with its chain in one container. Its node needs glibc: NODE_IMAGE=node:24-slim.
FROM server AS demo
COPY --from=build /app/node_modules/@foundry-rs ./node_modules/@foundry-rs
ENV SANDBOX=1 SANDBOX_DEMO=1
USER node

# The last target is the one that is built where none is named.
FROM server AS app
USER node
