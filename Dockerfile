# One image for both processes: `server start` (the API, the default) and `worker start`.

FROM node:20-bookworm-slim AS build
WORKDIR /app
# First what changes seldom, so that a change of the sources reuses the installed packages.
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json buf.yaml buf.gen.yaml ./
COPY scripts ./scripts
COPY proto ./proto
COPY prisma ./prisma
COPY src ./src
COPY web ./web
RUN npm run build
RUN npm prune --omit=dev

FROM node:20-bookworm-slim AS run
# tini passes signals on and reaps what tasks leave behind; the certificates are for Temporal and databases over TLS.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates tini \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json ./
COPY bin ./bin
COPY proto ./proto
COPY prisma ./prisma
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
RUN ln -s /app/bin/aco.js /usr/local/bin/aco && install --directory --owner=node --group=node /var/lib/aco
USER node
ENV NODE_ENV=production \
  ACO_DATA_DIR=/var/lib/aco \
  ACO_LISTEN=0.0.0.0:50051
VOLUME /var/lib/aco
EXPOSE 50051
# Of the API; a worker listens on no port and ends when it cannot work.
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s --retries=3 \
  CMD ["aco", "status", "--server", "http://127.0.0.1:50051", "--format", "plain"]
ENTRYPOINT ["tini", "--", "aco"]
CMD ["server", "start"]
