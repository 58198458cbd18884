import { useQuery } from '@tanstack/react-query'
import { api, read } from '../api'
import { at, readAll } from './account'

export const useAdminMe = () => useQuery({ queryKey: ['admin-me'], retry: false, queryFn: () => read(api.GET('/admin/me')) })
export const useTenants = () => useQuery({ queryKey: ['admin-tenants'], queryFn: () => readAll((cursor) => read(api.GET('/admin/tenants', { params: { query: at(cursor) } }))) })
export const useGlobalProviders = () => useQuery({ queryKey: ['admin-providers'], queryFn: () => readAll((cursor) => read(api.GET('/admin/ai-providers', { params: { query: at(cursor) } }))) })
