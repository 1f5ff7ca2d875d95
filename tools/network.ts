import { z } from 'zod';

const Cidr = z.union([z.cidrv4(), z.cidrv6()]);

export const Network = z.string().refine((network) => Cidr.safeParse(network).success, 'must be a network, e.g. 10.20.0.0/16');
