import { useQuery } from '@tanstack/react-query'
import { api, read } from '../api'

/** The shops that the person can go to without signing in again, this one included; none when there is no other. */
export const useMyShops = (enabled = true) =>
  useQuery({ queryKey: ['my-shops'], enabled, retry: false, staleTime: Infinity, queryFn: () => read(api.GET('/v1/tenant/me/tenants')) })
